// sync.h - Lock, RLock, Semaphore, Event, Condition, Barrier: how processes
// wait for each other. Python: multiprocessing/synchronize.py. Lessons 16-19.
// The files of this folder, in reading order: sync.h; wait.h (how a process
// sleeps, asks whether another one lives, and a list of waiters); lock.c,
// semaphore.c, event.c; condition.c and barrier.c (a lock and a list each).
//
//     struct account { mp_lock lock; long balance; };
//     struct account *account = mp_value(struct account, .balance = 100);
//     ..                          // hand the pointer to processes (MP_ARGS)
//     mp_lock_acquire(&account->lock, MP_FOREVER);
//     account->balance += 10;
//     mp_lock_release(&account->lock);
//
// All of them are such structs, which the parent lays into shared memory
// (shm.h). All zero is how they begin, where no init says otherwise. Processes
// under each start method use them by their address, and so do threads. They
// have no name, hold no descriptor, and need no close.
//
// A time-out is in seconds: 0 only tries, MP_FOREVER has no end. When it is
// over, the call fails with ETIMEDOUT (ECANCELED of a barrier). Signals do not
// end a wait. No call may be made in a signal handler.

#ifndef MP_SYNC_H
#define MP_SYNC_H

#include "sync/wait.h"

// ---- Lock and RLock: one process at a time --------------------------------
//
// **A killed process keeps no lock.** The lock's word names its owner. A waiter
// asks the kernel every 20 ms whether that process lives; if not, the waiter
// takes the lock, and acquire returns 1. (Python's acquire waits for ever.) One
// compare-and-swap takes a free lock, without a system call. A lock is not
// handed on in order: once it is free, whoever comes first has it.

typedef struct mp_lock {
    _Atomic mp_owner word;  // its owner; 0: nobody holds it
} mp_lock;

// Blocks until the lock is ours. Returns 0; or 1 if its owner died while it
// held the lock: what it was changing may be half done, so repair it, or give
// up. A process that holds the lock already waits for itself (an RLock does
// not).
int mp_lock_acquire(mp_lock *lock, double timeout);
#define mp_lock_acquire(lock, timeout) MP_AT(mp_lock_acquire(lock, timeout))

// Any thread of any process may release it, as in Python; but not for an owner
// that has ended, whose lock may be another's by now. Errors: EINVAL for a lock
// that nobody holds.
int mp_lock_release(mp_lock *lock);

// An RLock is a Lock that its owner, one thread of one process, may take again.
// A child of fork is another owner.
typedef struct {
    mp_lock lock;
    unsigned depth;  // how often its owner holds it; the owner's alone
} mp_rlock;

// As above. Its owner has it at once, and must release it as often. Errors of
// release: EPERM for any thread but its owner.
int mp_rlock_acquire(mp_rlock *rlock, double timeout);
#define mp_rlock_acquire(lock, timeout) MP_AT(mp_rlock_acquire(lock, timeout))
int mp_rlock_release(mp_rlock *rlock);

// For the library itself: whether the calling thread took it, and has it still.
bool mp_lock_is_mine(const mp_lock *lock);

// ---- Semaphore: so many at once, and no more ------------------------------
//
// It is a count: acquire takes one away, and waits while there is none; release
// adds one. Any process may do either. **It has no owner.** What a killed
// process has taken is not given back, since nothing says who took what. (A
// Lock knows.) A parent that learns of the death may release in its place.

typedef struct {
    mp_eventcount value;  // its count (futex.h)
    uint32_t most;        // of it
} mp_semaphore;

#define MP_SEM_VALUE_MAX INT32_MAX
// Semaphore(value), which may be released more often than it is acquired, and
// BoundedSemaphore(value), which may not. Errors: EINVAL for a negative value.
int mp_semaphore_init(mp_semaphore *semaphore, int value);
int mp_bounded_semaphore_init(mp_semaphore *semaphore, int value);

// acquire blocks until the count is above 0. Errors of release: EINVAL where
// the count is as high as it may be.
int mp_semaphore_acquire(mp_semaphore *semaphore, double timeout);
int mp_semaphore_release(mp_semaphore *semaphore);

// The count, which may be another one as soon as you have it.
int mp_semaphore_get_value(const mp_semaphore *semaphore);

// ---- Event: all wait until one lets them go on ----------------------------
//
// It is a count that only grows: each change of the event adds one. So it is
// odd while the event is set, and a waiter that has seen an even number goes on
// as soon as it has changed (base/futex.h).

typedef struct {
    mp_eventcount changes;  // their count
} mp_event;

bool mp_event_is_set(const mp_event *event);

// set wakes all that wait, with one system call; with none where nobody does.
// Setting twice is fine, and so is clearing twice.
void mp_event_set(mp_event *event);
void mp_event_clear(mp_event *event);

// Blocks until the event is set. A waiter goes on, too, if it is cleared again
// at once. (Python's may miss that.)
int mp_event_wait(mp_event *event, double timeout);

// ---- Condition: wait until another process has changed something ----------
//
//     mp_condition_acquire(&shop->changed, MP_FOREVER);  // a customer
//     while (shop->loaves == 0) {
//         mp_condition_wait(&shop->changed, MP_FOREVER);
//     }
//     shop->loaves--;
//     mp_condition_release(&shop->changed);
//
//     mp_condition_acquire(&shop->changed, MP_FOREVER);  // the baker
//     shop->loaves++;
//     mp_condition_notify(&shop->changed, 1);
//     mp_condition_release(&shop->changed);
//
// It is a lock, and a list of waiters. When notify returns, its wake-ups belong
// to waiters; it waits for none of them, also not for one that is stopped.
// (Python's waits until they have run.) **A killed process swallows no
// wake-up.** If a waiter dies before it has the lock again, another one wakes
// instead, within 20 ms; and if a process dies that has the lock, all wake. So
// a wait may end without a notify, after a death: check in a loop.

typedef struct {
    mp_lock *lock;  // Python: Condition(lock), set before use; it may serve
    mp_rlock own;   // several. NULL: it uses its own, an RLock
    mp_waiters waiters;
} mp_condition;

int mp_condition_acquire(mp_condition *condition, double timeout);
#define mp_condition_acquire(it, time) MP_AT(mp_condition_acquire(it, time))
int mp_condition_release(mp_condition *condition);

// Releases the lock, however often it is held; blocks until notified; then has
// the lock as often again, also after a time-out. Returns 0; or 1, notified or
// not, where the lock's owner died. Errors: ETIMEDOUT; EPERM without the lock;
// EAGAIN where MP_WAITERS_MOST wait already.
int mp_condition_wait(mp_condition *condition, double timeout);
#define mp_condition_wait(it, time) MP_AT(mp_condition_wait(it, time))

// Waits until the predicate, called with the lock, is true. As above; after 1
// with a time-out it may be false.
int mp_condition_wait_for(mp_condition *condition, bool (*predicate)(void *),
                          void *args, double timeout);

// Wakes at most so many that wait, mostly the oldest first; or all. They go on
// one by one, as they get the lock. Errors: EPERM without the lock.
int mp_condition_notify(mp_condition *condition, int most);
#define mp_condition_notify_all(condition) \
    mp_condition_notify((condition), INT32_MAX)

// ---- Barrier: so many wait for each other, and go on together -------------
//
// It is a lock, and a list of waiters, which the last to come wakes. It can be
// used again at once. It is broken where a wait has timed out, the action has
// failed, abort was called, or **a party was killed while it waited**, or in
// one of these calls: then each wait fails, in all processes, until reset. A
// process that dies before it comes is not known to the barrier: use a
// time-out.

typedef struct {
    int parties;
    bool broken;
    uintptr_t action;  // how far it is from mp_barrier_init; 0: there is none
    mp_lock lock;
    mp_waiters waiters;
} mp_barrier;

// Barrier(parties, action). The last to come calls the action, before any goes
// on, and with the lock; not 0: it has failed. It must be in the program
// itself, not in a library; NULL: none. Errors: EINVAL, also above
// MP_WAITERS_MOST.
int mp_barrier_init(mp_barrier *barrier, int parties, int (*action)(void));

// Blocks until all parties have come. Returns 0 in the first that came, 1 in
// the second .. Errors: ECANCELED where the barrier is, or gets, broken.
int mp_barrier_wait(mp_barrier *barrier, double timeout);

// abort breaks the barrier. reset, too, but only for those that wait now.
void mp_barrier_abort(mp_barrier *barrier);
void mp_barrier_reset(mp_barrier *barrier);

// How many wait now.
int mp_barrier_n_waiting(const mp_barrier *barrier);

#endif
