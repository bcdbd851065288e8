#include "base/platform.h"

#include "sync/wait.h"

#include "base/error.h"

// First round the list for an empty place, then for a dead waiter's.
int mp_waiters_enter(mp_waiters *waiters, mp_owner kept)
{
    for (uint32_t i = 0; i < 2 * MP_WAITERS_MOST; i++) {
        uint32_t at = (waiters->next + i) % MP_WAITERS_MOST;
        mp_owner word = atomic_load(&waiters->words[at]);
        mp_owner state = MP_OWNER_USE(word) == kept ? kept : MP_WAITS;
        if ((word == 0 || (i >= MP_WAITERS_MOST && mp_owner_is_dead(word))) &&
            mp_owner_change(&waiters->words[at], word,
                            mp_owner_self() | state)) {
            waiters->next = at + 1;
            return (int)at;
        }
    }
    return mp_fail(EAGAIN, "%d are waiting already", MP_WAITERS_MOST);
}

void mp_waiters_wake(mp_waiters *waiters, int most, mp_owner state)
{
    uint32_t bits = 0;
    for (uint32_t i = 0; i < MP_WAITERS_MOST && most > 0; i++) {
        uint32_t at = (waiters->next + i) % MP_WAITERS_MOST;
        mp_owner word = atomic_load(&waiters->words[at]);
        if (MP_OWNER_USE(word) == MP_WAITS &&
            mp_owner_change(&waiters->words[at], word,
                            word - MP_WAITS + state)) {
            bits |= UINT32_C(1) << at % 32;
            most--;
        }
    }
    if (bits != 0) {
        atomic_fetch_add(&waiters->changes, 1);
        mp_wake_sleepers(&waiters->changes, INT32_MAX, bits);
    }
}

mp_reason mp_waiters_sleep(mp_waiters *waiters, int index, mp_waiting *wait)
{
    mp_reason reason = MP_WOKEN;
    while (reason == MP_WOKEN) {
        uint32_t seen = atomic_load(&waiters->changes);
        mp_owner word = atomic_load(&waiters->words[index]);
        if (MP_OWNER_USE(word) != MP_WAITS) {
            return MP_WOKEN;
        }
        reason = mp_waiting_sleep(wait, &waiters->changes, seen,
                                  UINT32_C(1) << index % 32);
    }
    return reason;
}
