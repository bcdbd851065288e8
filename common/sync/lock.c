#include "base/platform.h"

#include "sync/sync.h"

#include "base/error.h"

static const mp_owner sleepers = (mp_owner)1 << 22;  // a bit: some may sleep

// The half of the word that the kernel compares: it has the pid and the bit.
#define FUTEX(lock) ((_Atomic uint32_t *)&(lock)->word)

// One that has slept takes the lock with the bit set: others may sleep, which
// no release would wake otherwise.
static int wait_for(mp_lock *lock, mp_owner self, double timeout)
{
    mp_waiting wait = mp_waiting_begin(timeout);
    for (;;) {
        mp_owner held = atomic_load(&lock->word);
        if (held == 0 && mp_owner_change(&lock->word, 0, self | sleepers)) {
            return 0;
        }
        if (held == 0 || !mp_owner_change(&lock->word, held, held | sleepers)) {
            continue;
        }
        mp_reason reason = mp_waiting_sleep(
            &wait, FUTEX(lock), (uint32_t)(held | sleepers), UINT32_MAX);
        if (reason != MP_WOKEN && mp_owner_is_dead(held) &&
            mp_owner_change(&lock->word, held | sleepers, self | sleepers)) {
            mp_fail(EOWNERDEAD, "the previous owner died, process %d: what it "
                    "was changing may be half done", MP_OWNER_PID(held));
            return 1;
        }
        if (reason == MP_LATE) {
            return mp_fail(ETIMEDOUT, "the lock is still held by process %d",
                           MP_OWNER_PID(held));
        }
        for (const mp_watcher *it = reason == MP_LOOK ? mp_watch : NULL;
             it != NULL; it = it->next) {
            if (it->look != NULL) {
                it->look(&lock->word);
            }
        }
    }
}

int (mp_lock_acquire)(mp_lock *lock, double timeout)
{
    mp_watch_event("asks", lock, 0);
    mp_owner self = mp_owner_self();
    int got = mp_owner_change(&lock->word, 0, self)
                  ? 0 : wait_for(lock, self, timeout);
    mp_watch_event(got == -1 ? "late" : "has", lock, got);
    return got;
}

int mp_lock_release(mp_lock *lock)
{
    mp_watch_event("leaves", lock, 0);
    mp_owner was = atomic_exchange(&lock->word, 0);
    if (was == 0) {
        return mp_fail(EINVAL, "semaphore or lock released too many times");
    }
    if ((was & sleepers) != 0) {
        mp_wake_sleepers(FUTEX(lock), 1, UINT32_MAX);
    }
    return 0;
}

bool mp_lock_is_mine(const mp_lock *lock)
{
    mp_owner word = atomic_load(&lock->word);
    return word - MP_OWNER_USE(word) == mp_owner_self();
}

int (mp_rlock_acquire)(mp_rlock *rlock, double timeout)
{
    if (mp_lock_is_mine(&rlock->lock)) {
        rlock->depth++;
        return 0;
    }
    int got = (mp_lock_acquire)(&rlock->lock, timeout);
    if (got != -1) {
        rlock->depth = 1;  // whatever a dead owner has left there
    }
    return got;
}

int mp_rlock_release(mp_rlock *rlock)
{
    if (!mp_lock_is_mine(&rlock->lock)) {
        return mp_fail(EPERM, "attempt to release recursive lock not owned by "
                       "thread");
    }
    rlock->depth--;
    return rlock->depth > 0 ? 0 : mp_lock_release(&rlock->lock);
}
