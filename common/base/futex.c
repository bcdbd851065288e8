#include "base/platform.h"

#include "base/futex.h"

#include <sched.h>
#include <time.h>

#include "base/clock.h"

uint32_t mp_eventcount_read(const mp_eventcount *events)
{
    return atomic_load(&events->count);
}

void mp_eventcount_advance(mp_eventcount *events)
{
    atomic_store_explicit(&events->advanced_on, sched_getcpu(),
                          memory_order_relaxed);
    atomic_fetch_add(&events->count, 1);
}

// A sleeper is counted first, and then the kernel compares the count once more.
// The other side changes the count first, and then looks for sleepers. So one
// of the two sees the other. Whoever wakes sleepers counts them no longer, so
// that nobody wakes them again before they run. futex(2) returns 0 to these.
static void wake(mp_eventcount *events, uint32_t most, uint32_t bits)
{
    if (most > 0 && atomic_load(&events->sleepers) > 0) {
        long woken = syscall(SYS_futex, &events->count, MP_FUTEX_WAKE_BITSET,
                             most, NULL, NULL, bits);
        atomic_fetch_sub(&events->sleepers, woken > 0 ? (uint32_t)woken : 0);
    }
}

static void sleep_on(mp_eventcount *events, int operation, uint32_t seen,
                     const struct timespec *most, uint32_t bits)
{
    atomic_fetch_add(&events->sleepers, 1);
    if (syscall(SYS_futex, &events->count, operation, seen, most, NULL,
                bits) != 0) {
        atomic_fetch_sub(&events->sleepers, 1);
    }
}

void mp_eventcount_wake(mp_eventcount *events, uint32_t most)
{
    wake(events, most, UINT32_MAX);
}

void mp_eventcount_wake_one(mp_eventcount *events, uint32_t id)
{
    wake(events, 1, UINT32_C(1) << id % 32);
}

void mp_eventcount_await(mp_eventcount *events, uint32_t seen, double seconds)
{
    struct timespec most = mp_clock_timespec(seconds);
    sleep_on(events, MP_FUTEX_WAIT, seen, seconds < MP_FOREVER ? &most : NULL,
             0);
}

void mp_eventcount_await_as(mp_eventcount *events, uint32_t seen, uint32_t id)
{
    sleep_on(events, MP_FUTEX_WAIT_BITSET, seen, NULL,
             UINT32_C(1) << id % 32);
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
