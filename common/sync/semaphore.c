#include "base/platform.h"

#include "sync/sync.h"

#include "base/error.h"

int mp_semaphore_init(mp_semaphore *semaphore, int value)
{
    if (value < 0) {
        return mp_fail(EINVAL, "semaphore initial value must be >= 0");
    }
    *semaphore = (mp_semaphore){ { (uint32_t)value, 0 }, MP_SEM_VALUE_MAX };
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
    if (take_one(&semaphore->count.value)) {
        return 0;
    }
    mp_waiting wait = mp_waiting_begin(timeout);
    while (mp_counted_await(&wait, &semaphore->count, 0)) {
        if (take_one(&semaphore->count.value)) {
            return 0;
        }
    }
    return mp_fail(ETIMEDOUT, "the semaphore's value is still 0");
}

int mp_semaphore_release(mp_semaphore *semaphore)
{
    uint32_t value = atomic_load(&semaphore->count.value);
    do {
        if (value >= semaphore->most) {
            return mp_fail(EINVAL, "semaphore or lock released too many times");
        }
    } while (!atomic_compare_exchange_weak(&semaphore->count.value, &value,
                                           value + 1));
    mp_counted_wake(&semaphore->count, 1);
    return 0;
}

int mp_semaphore_get_value(const mp_semaphore *semaphore)
{
    return (int)atomic_load(&semaphore->count.value);
}
