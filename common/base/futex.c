#include "base/platform.h"

#include "base/futex.h"

#include <sched.h>
#include <time.h>

#include "base/clock.h"

void mp_eventcount_advance(mp_eventcount *events)
{
    atomic_store_explicit(&events->advanced_on, sched_getcpu(),
                          memory_order_relaxed);
    atomic_fetch_add(&events->count, 1);
}

// A sleeper is counted first, and then the kernel compares the count once more.
// The other side changes the count first, and then looks for sleepers. So one
// of the two sees the other. futex(2) returns 0 to those that were woken.
static uint32_t wake(mp_eventcount *events, uint32_t most, uint32_t bits)
{
    const bool outlives = events->outlives;
    if (most == 0 || atomic_load(&events->sleepers) == 0) {
        return 0;
    }
    long woken = syscall(SYS_futex, &events->count, MP_FUTEX_WAKE_BITSET, most,
                         NULL, NULL, bits);
    if (outlives && woken > 0) {
        atomic_fetch_sub(&events->sleepers, (uint32_t)woken);
    }
    return woken > 0 ? (uint32_t)woken : 0;
}

static void sleep_on(mp_eventcount *events, uint32_t seen,
                     const struct timespec *most, uint32_t bits)
{
    int operation = bits == 0 ? MP_FUTEX_WAIT : MP_FUTEX_WAIT_BITSET;
    atomic_fetch_add(&events->sleepers, 1);
    if (syscall(SYS_futex, &events->count, operation, seen, most, NULL,
                bits) != 0 || !events->outlives) {
        atomic_fetch_sub(&events->sleepers, 1);
    }
}

void mp_eventcount_wake(mp_eventcount *events, uint32_t most)
{
    wake(events, most, UINT32_MAX);
}

uint32_t mp_eventcount_wake_one(mp_eventcount *events, uint32_t id)
{
    return wake(events, 1, UINT32_C(1) << id % 32);
}

void mp_eventcount_await(mp_eventcount *events, uint32_t seen, double seconds)
{
    struct timespec most = mp_clock_timespec(seconds);
    sleep_on(events, seen, seconds < MP_FOREVER ? &most : NULL, 0);
}

void mp_eventcount_await_as(mp_eventcount *events, uint32_t seen, uint32_t id)
{
    sleep_on(events, seen, NULL, UINT32_C(1) << id % 32);
}

bool mp_eventcount_spin(const mp_eventcount *events, uint32_t seen,
                        uint32_t spins)
{
    if (atomic_load(&events->advanced_on) == sched_getcpu()) {
        return false;
    }
    for (uint32_t i = 0; i < spins; i++) {
        if (atomic_load(&events->count) != seen) {
            return true;
        }
        mp_cpu_relax();
    }
    return false;
}
