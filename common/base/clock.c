#include "base/platform.h"

#include "base/clock.h"

double mp_clock_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

double mp_clock_deadline(double timeout)
{
    // Written so that NaN, which is not greater than anything, counts as 0.
    return timeout == MP_FOREVER ? MP_FOREVER
                                 : mp_clock_now() + (timeout > 0 ? timeout : 0);
}

struct timespec mp_clock_remaining(double deadline)
{
    return mp_clock_timespec(deadline - mp_clock_now());
}

struct timespec mp_clock_timespec(double seconds)
{
    const double longest = 1e9;
    double left = seconds > 0 ? seconds : 0;
    if (left > longest) {
        left = longest;
    }
    time_t whole = (time_t)left;
    return (struct timespec){
        .tv_sec = whole,
        .tv_nsec = (long)((left - (double)whole) * 1e9),
    };
}
