// waiters.h - a list of those that wait: for Condition and Barrier.
//
// Each waiter has a word in shared memory, which names it (wait.h) and says
// what has become of it. Another process wakes it by one compare-and-swap of
// that word. So a wake-up belongs to one waiter at once, also to one that is
// stopped, and nobody waits until it runs. If the waiter is killed, others see
// that in its word. The lock of its object protects the list.

#ifndef MP_SYNC_WAITERS_H
#define MP_SYNC_WAITERS_H

#include "sync/wait.h"

enum { MP_WAITERS_MOST = 128 };

// How a word is used. Its waiter sets it to 0 when its wait is over.
#define MP_WAITS ((mp_owner)1 << 22)
#define MP_NOTIFIED ((mp_owner)2 << 22)
#define MP_BROKEN ((mp_owner)3 << 22)  // of a barrier

typedef struct {
    _Atomic uint32_t changes;  // the futex: one more with each wake-up
    _Atomic uint32_t next;     // where to enter; from here on, around the end,
                               // stand the oldest first
    _Atomic mp_owner words[MP_WAITERS_MOST];
} mp_waiters;

// With the lock. Gives the caller a word, which says that it waits: its index,
// or -1 with EAGAIN where there is none.
int mp_waiters_enter(mp_waiters *waiters);

// With the lock. Gives this state to so many that wait, the oldest first, and
// wakes them, by one system call.
void mp_waiters_wake(mp_waiters *waiters, int most, mp_owner state);

// Without the lock. Sleeps until the word has another state (MP_WOKEN), or for
// another reason; but then the state may have changed, too.
mp_reason mp_waiters_sleep(mp_waiters *waiters, int index, mp_waiting *wait);

#endif
