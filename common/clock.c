#include "platform.h"

#include "clock.h"

double mp_clock_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

double mp_clock_deadline(double timeout)
{
    // Written so that NaN, which is not greater than anything, counts as 0.
    return mp_clock_now() + (timeout > 0 ? timeout : 0);
}

struct timespec mp_clock_remaining(double deadline)
{
    const double longest = 1e9;
    double left = deadline - mp_clock_now();
    if (left < 0) {
        left = 0;
    }
    if (left > longest) {
        left = longest;
    }
    time_t seconds = (time_t)left;
    return (struct timespec){
        .tv_sec = seconds,
        .tv_nsec = (long)((left - (double)seconds) * 1e9),
    };
}
