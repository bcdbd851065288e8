// wait.h - how a process waits for another, and asks whether it lives.
//
// A waiter sleeps on a futex, a word in shared memory (futex(2)). Whoever
// changes the word wakes the sleepers. If that process is killed between the
// two steps, no sleep lasts longer than MP_LOOK_EVERY. Then a waiter for a
// lock, a condition or a barrier also asks the kernel whether those live who
// matter. For that it needs a free descriptor, and all must be in one pid
// namespace.

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

// The calling thread. Only a thread's first call makes system calls.
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

// A call that waits for others that may die begins and sleeps by these two.
typedef struct {
    double deadline;
    double look;  // when to look next
} mp_waiting;

typedef enum {
    MP_WOKEN,  // the word may have changed: check it again
    MP_LOOK,   // check it again, and whether those live who matter
    MP_LATE,   // do the same, and then give up: the time is over
} mp_reason;

mp_waiting mp_waiting_begin(double timeout);

// Sleeps until there is a reason to wake. A sleeper has some of 32 bits set,
// and is woken by a call that has one of these set, too.
mp_reason mp_waiting_sleep(mp_waiting *wait, _Atomic uint32_t *word,
                           uint32_t seen, uint32_t bits);
void mp_wake_sleepers(_Atomic uint32_t *word, uint32_t most, uint32_t bits);

// Sleeps until the count is not `seen`; false if it still is at the deadline.
bool mp_count_await(mp_eventcount *events, uint32_t seen, double deadline);

// ---- a list of those that wait: for Condition and Barrier (waiters.c) ------
//
// Each waiter has a word in shared memory, which names it and says
// what has become of it. Another process wakes it by one compare-and-swap of
// that word. So a wake-up belongs to one waiter at once, also to one that is
// stopped, and others see a dead one's. The lock of its object protects the
// list.

enum { MP_WAITERS_MOST = 128 };

// How a word is used. Its waiter sets it to 0 when its wait is over.
#define MP_WAITS ((mp_owner)1 << 22)
#define MP_NOTIFIED ((mp_owner)2 << 22)
#define MP_BROKEN ((mp_owner)3 << 22)  // of a barrier

typedef struct {
    _Atomic uint32_t changes;  // the futex: one more with each wake-up
    _Atomic uint32_t next;     // where to enter
    _Atomic mp_owner words[MP_WAITERS_MOST];
} mp_waiters;

// With the lock. Gives the caller a word, which says that it waits: its index,
// or -1 with EAGAIN where there is none. Of a dead waiter's word the state is
// kept, if it is `kept`.
int mp_waiters_enter(mp_waiters *waiters, mp_owner kept);

// With the lock, but to pass a wake-up on. Gives this state to so many that
// wait, mostly the oldest first, and wakes them, by one system call.
void mp_waiters_wake(mp_waiters *waiters, int most, mp_owner state);

// Without the lock. Sleeps until the word has another state (MP_WOKEN), or for
// another reason; but then the state may have changed, too.
mp_reason mp_waiters_sleep(mp_waiters *waiters, int index, mp_waiting *wait);

#endif
