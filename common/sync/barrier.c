#include "base/platform.h"

#include "sync/sync.h"

#include "base/error.h"

// A new image has the program at another address, so that a distance is kept.
int mp_barrier_init(mp_barrier *barrier, int parties, int (*action)(void))
{
    if (parties < 1 || parties > MP_WAITERS_MOST) {
        return mp_fail(EINVAL, "parties must be from 1 to %d", MP_WAITERS_MOST);
    }
    uintptr_t distance = (uintptr_t)action - (uintptr_t)mp_barrier_init;
    *barrier = (mp_barrier){ .parties = parties,
                             .action = action != NULL ? distance : 0 };
    return 0;
}

static void break_it(mp_barrier *barrier)
{
    barrier->broken = true;
    mp_waiters_wake(&barrier->waiters, INT32_MAX, MP_BROKEN);
}

// A party that died while it held the lock was about to wait, or to wake.
static void lock(mp_barrier *barrier)
{
    if ((mp_lock_acquire)(&barrier->lock, MP_FOREVER) == 1) {
        break_it(barrier);
    }
}

int mp_barrier_n_waiting(const mp_barrier *barrier)
{
    int count = 0;
    for (int i = 0; i < MP_WAITERS_MOST; i++) {
        count += MP_OWNER_USE(barrier->waiters.words[i]) == MP_WAITS;
    }
    return count;
}

// Whether one of the next so many waiters is dead, from this index on.
static bool has_dead(const mp_barrier *barrier, int index, int most)
{
    for (int i = index; i < index + MP_WAITERS_MOST; i++) {
        mp_owner word = barrier->waiters.words[i % MP_WAITERS_MOST];
        if (MP_OWNER_USE(word) == MP_WAITS && most-- > 0 &&
            mp_owner_is_dead(word)) {
            return true;
        }
    }
    return false;
}

// The last party has come. Returns whether all go on.
static bool let_all_go(mp_barrier *barrier)
{
    uintptr_t action = (uintptr_t)mp_barrier_init + barrier->action;
    if (has_dead(barrier, 0, INT32_MAX) ||
        (barrier->action != 0 && ((int (*)(void))action)() != 0)) {
        break_it(barrier);
        return false;
    }
    mp_waiters_wake(&barrier->waiters, INT32_MAX, MP_NOTIFIED);
    return true;
}

// Each waiter looks whether the one after it is alive: so all are looked at.
static bool wait_at(mp_barrier *barrier, int index, double timeout)
{
    _Atomic mp_owner *word = &barrier->waiters.words[index];
    mp_waiting wait = mp_waiting_begin(timeout);
    mp_reason why;
    while ((why = mp_waiters_sleep(&barrier->waiters, index, &wait)) !=
           MP_WOKEN) {
        lock(barrier);
        if (MP_OWNER_USE(*word) == MP_WAITS &&
            (why == MP_LATE || has_dead(barrier, index + 1, 1))) {
            break_it(barrier);
        }
        mp_lock_release(&barrier->lock);
    }
    return MP_OWNER_USE(atomic_exchange(word, 0)) == MP_NOTIFIED;
}

int mp_barrier_wait(mp_barrier *barrier, double timeout)
{
    bool goes_on = false;
    int index = -1;
    lock(barrier);
    int order = mp_barrier_n_waiting(barrier);
    if (!barrier->broken && order == barrier->parties - 1) {
        goes_on = let_all_go(barrier);
    } else if (!barrier->broken) {
        index = mp_waiters_enter(&barrier->waiters, MP_WAITS);
    }
    mp_lock_release(&barrier->lock);
    if (index != -1) {
        goes_on = wait_at(barrier, index, timeout);
    }
    return goes_on ? order : mp_fail(ECANCELED, "the barrier is broken");
}

void mp_barrier_abort(mp_barrier *barrier)
{
    lock(barrier);
    break_it(barrier);
    mp_lock_release(&barrier->lock);
}

void mp_barrier_reset(mp_barrier *barrier)
{
    lock(barrier);
    break_it(barrier);
    barrier->broken = false;
    mp_lock_release(&barrier->lock);
}
