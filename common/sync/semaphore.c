#include "base/platform.h"

#include "sync/sync.h"

#include "base/error.h"

int mp_semaphore_init(mp_semaphore *semaphore, int value)
{
    if (value < 0) {
        return mp_fail(EINVAL, "semaphore initial value must be >= 0");
    }
    *semaphore = (mp_semaphore){ { .count = (uint32_t)value },
                                 MP_SEM_VALUE_MAX };
    return 0;
}

int mp_bounded_semaphore_init(mp_semaphore *semaphore, int value)
{
    int got = mp_semaphore_init(semaphore, value);
    semaphore->most = got == 0 ? (uint32_t)value : semaphore->most;
    return got;
}

static bool take_one(_Atomic uint32_t *count)
{
    uint32_t value = atomic_load(count);
    while (value > 0 &&
           !atomic_compare_exchange_weak(count, &value, value - 1)) {
    }
    return value > 0;
}

int mp_semaphore_acquire(mp_semaphore *semaphore, double timeout)
{
    mp_watch_event("asks", semaphore, 0);
    bool got = take_one(&semaphore->value.count);
    double deadline = got ? 0 : mp_clock_deadline(timeout);
    while (!got && mp_count_await(&semaphore->value, 0, deadline)) {
        got = take_one(&semaphore->value.count);
    }
    mp_watch_event(got ? "has" : "late", semaphore, 0);
    return got ? 0 : mp_fail(ETIMEDOUT, "the semaphore's value is still 0");
}

int mp_semaphore_release(mp_semaphore *semaphore)
{
    mp_watch_event("leaves", semaphore, 0);
    uint32_t value = mp_eventcount_read(&semaphore->value);
    do {
        if (value >= semaphore->most) {
            return mp_fail(EINVAL, "semaphore or lock released too many times");
        }
    } while (!atomic_compare_exchange_weak(&semaphore->value.count, &value,
                                           value + 1));
    mp_eventcount_wake(&semaphore->value, 1);
    return 0;
}

int mp_semaphore_get_value(const mp_semaphore *semaphore)
{
    return (int)mp_eventcount_read(&semaphore->value);
}
