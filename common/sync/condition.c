#include "base/platform.h"

#include "sync/sync.h"

#include "base/error.h"

static mp_lock *lock_of(mp_condition *condition)
{
    return condition->lock != NULL ? condition->lock : &condition->own.lock;
}

// A process that died with the lock was perhaps about to notify: so whoever
// learns of it wakes all.
static int after_acquire(mp_condition *condition, int got)
{
    if (got == 1) {
        mp_waiters_wake(&condition->waiters, INT32_MAX, MP_NOTIFIED);
    }
    return got;
}

int (mp_condition_acquire)(mp_condition *condition, double timeout)
{
    return after_acquire(
        condition, condition->lock != NULL
                       ? (mp_lock_acquire)(condition->lock, timeout)
                       : (mp_rlock_acquire)(&condition->own, timeout));
}

int mp_condition_release(mp_condition *condition)
{
    return condition->lock != NULL ? mp_lock_release(condition->lock)
                                   : mp_rlock_release(&condition->own);
}

// A waiter was killed after it was notified: takes its word over, and leaves
// its own. If it was woken itself just now, it passes that wake-up on.
static int take_over(mp_waiters *waiters, int index)
{
    mp_owner self = mp_owner_self();
    for (int i = 0; i < MP_WAITERS_MOST; i++) {
        mp_owner word = atomic_load(&waiters->words[i]);
        if (MP_OWNER_USE(word) == MP_NOTIFIED && mp_owner_is_dead(word) &&
            mp_owner_change(&waiters->words[i], word, self | MP_NOTIFIED)) {
            if (!mp_owner_change(&waiters->words[index], self | MP_WAITS, 0)) {
                mp_waiters_wake(waiters, 1, MP_NOTIFIED);
                atomic_store(&waiters->words[index], 0);
            }
            return i;
        }
    }
    return index;
}

// Sleeps until notified, or until a process has died with the lock. Returns its
// index, which may be another one then, or -1 when the time is over.
static int sleep_at(mp_condition *condition, int index, double timeout)
{
    const mp_owner waits = mp_owner_self() | MP_WAITS;
    mp_waiters *waiters = &condition->waiters;
    mp_waiting wait = mp_waiting_begin(timeout);
    mp_reason reason;
    while ((reason = mp_waiters_sleep(waiters, index, &wait)) != MP_WOKEN) {
        mp_owner held = atomic_load(&lock_of(condition)->word);
        if (held != 0 && mp_owner_is_dead(held)) {
            mp_owner_change(&waiters->words[index], waits,
                            waits - MP_WAITS + MP_NOTIFIED);
            continue;
        }
        index = take_over(waiters, index);
        if (reason == MP_LATE &&
            mp_owner_change(&waiters->words[index], waits, 0)) {
            return -1;
        }
    }
    return index;
}

// The waiter's word says that it was notified, until it has the lock again.
int (mp_condition_wait)(mp_condition *condition, double timeout)
{
    mp_lock *lock = lock_of(condition);
    if (!mp_lock_is_mine(lock)) {
        return mp_fail(EPERM, "must acquire() condition before using wait()");
    }
    int index = mp_waiters_enter(&condition->waiters, MP_NOTIFIED);
    if (index == -1) {
        return -1;
    }
    unsigned depth = condition->own.depth;
    mp_lock_release(lock);
    mp_watch_event("waits", condition, 0);
    index = sleep_at(condition, index, timeout);
    mp_watch_event("woken", condition, 0);
    int got = after_acquire(condition, (mp_lock_acquire)(lock, MP_FOREVER));
    condition->own.depth = depth;
    if (index != -1) {
        atomic_store(&condition->waiters.words[index], 0);
        return got;
    }
    return got == 1 ? 1 : mp_fail(ETIMEDOUT, "nobody has notified");
}

int mp_condition_wait_for(mp_condition *condition, bool (*predicate)(void *),
                          void *args, double timeout)
{
    double deadline = mp_clock_deadline(timeout);
    int got = 0, died = 0;
    while (!predicate(args)) {
        if (got == -1) {
            return died == 1 ? 1 : -1;
        }
        got = (mp_condition_wait)(condition, deadline - mp_clock_now());
        died = got == 1 ? 1 : died;
    }
    return died;
}

int mp_condition_notify(mp_condition *condition, int most)
{
    if (!mp_lock_is_mine(lock_of(condition))) {
        return mp_fail(EPERM, "lock is not owned");
    }
    mp_waiters_wake(&condition->waiters, most, MP_NOTIFIED);
    return 0;
}
