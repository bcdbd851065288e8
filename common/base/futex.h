// futex.h - "something has changed: check again", between processes.
//
//     uint32_t seen = mp_eventcount_read(&completions);
//     while (!what_we_wait_for_is_there()) {
//         mp_eventcount_await(&completions, seen, MP_FOREVER);
//         seen = mp_eventcount_read(&completions);
//     }
//
// A process that changes what is waited for advances the count afterwards. No
// change between the check and the sleep is missed: the kernel compares the
// count with `seen` once more before the caller sleeps (futex(2)). There is no
// lock that a killed process could keep. (Reed and Kanodia: Synchronization
// with Eventcounts and Sequencers. CACM 22, 1979.)

#ifndef MP_BASE_FUTEX_H
#define MP_BASE_FUTEX_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

// In shared memory, and zero at first.
typedef struct {
    _Atomic uint32_t count;
    _Atomic uint32_t sleepers;  // one that was killed stays counted, which
                                // costs a needless call now and then
    _Atomic int advanced_on;    // the CPU where it was advanced last, a hint
    bool outlives;  // nobody frees it while another uses it: then wakers lower
                    // `sleepers`, so that none is woken twice before it runs
} mp_eventcount;

static inline uint32_t mp_eventcount_read(const mp_eventcount *events)
{
    return atomic_load(&events->count);
}

// After a change: first advance the count, then wake so many sleepers at most.
void mp_eventcount_advance(mp_eventcount *events);
void mp_eventcount_wake(mp_eventcount *events, uint32_t most);

// Sleeps until the count is not `seen`, or for `seconds`. It may return early.
void mp_eventcount_await(mp_eventcount *events, uint32_t seen, double seconds);

// For sleepers of which each has a number. The first sleeps without a time
// limit. The second wakes the sleeper with this number, or one whose number has
// the same lowest 5 bits: so the one that ran last, which is fastest, can be
// chosen. Returns how many it woke, one or none.
void mp_eventcount_await_as(mp_eventcount *events, uint32_t seen, uint32_t id);
uint32_t mp_eventcount_wake_one(mp_eventcount *events, uint32_t id);

// Reads the count so many times, without sleeping. Returns whether the count is
// not `seen`. Returns at once where it was last advanced on this very CPU: the
// process that would advance it next needs the CPU.
bool mp_eventcount_spin(const mp_eventcount *events, uint32_t seen,
                        uint32_t spins);

#endif
