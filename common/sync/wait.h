// wait.h - how a process waits for another, and asks whether it lives.
//
// A waiter sleeps on a futex: a word in shared memory, which the kernel does
// not know of until somebody sleeps there (futex(2)). Whoever changes the word
// wakes the sleepers. If it changes just before a waiter sleeps, the kernel,
// which compares it with `seen` once more, does not let it sleep. If a process
// is killed between the change and the call, no sleep lasts longer than
// MP_LOOK_EVERY. Then the waiter also asks whether those live that it needs.

#ifndef MP_SYNC_WAIT_H
#define MP_SYNC_WAIT_H

#include <stdatomic.h>
#include <stdbool.h>

#include "base/clock.h"
#include "base/futex.h"
#include "base/watch.h"

// A thread of a process, in one word, from the lowest bit on: 22 bits for the
// pid (no kernel gives a higher one), 2 for what the word is used for, 22 for
// the thread id, 18 for the time when the process started, in 1/100 s. So a
// later process that has got the same pid is another one.
typedef uint64_t mp_owner;

#define MP_OWNER_PID(owner) ((int)((owner) & 0x3fffff))
#define MP_OWNER_USE(owner) ((owner) & (mp_owner)3 << 22)

// The calling thread, for no use yet. No system call, but for a thread's first.
mp_owner mp_owner_self(void);

// Whether the process has ended, reaped or not: a few system calls. A thread
// that ends does not count. False where the kernel does not tell.
bool mp_owner_is_dead(mp_owner owner);

// Changes the word, if it is `from`.
static inline bool mp_owner_change(_Atomic mp_owner *word, mp_owner from,
                                   mp_owner to)
{
    return atomic_compare_exchange_strong(word, &from, to);
}

#define MP_LOOK_EVERY 0.02  // seconds

// A call that waits. All waits of this folder begin and sleep by these two.
typedef struct {
    double deadline;
    double look;  // when to look next
} mp_waiting;

typedef enum {
    MP_WOKEN,  // the word may have changed: check it again
    MP_LOOK,   // check it again, and whether they live that matter
    MP_LATE,   // do the same, and then give up: the time is over
} mp_reason;

mp_waiting mp_waiting_begin(double timeout);

// Sleeps until there is a reason to wake. A sleeper has some of 32 bits set,
// and is woken by a call that has one of these set, too.
#define MP_ALL_BITS UINT32_MAX
mp_reason mp_waiting_sleep(mp_waiting *wait, _Atomic uint32_t *word,
                           uint32_t seen, uint32_t bits);
void mp_wake_sleepers(_Atomic uint32_t *word, uint32_t most, uint32_t bits);

// Sleeps until the count is not `seen`; false if it still is at the deadline.
bool mp_count_await(mp_eventcount *events, uint32_t seen, double deadline);

#endif
