#include "base/platform.h"

#include "sync/sync.h"

#include "base/error.h"

bool mp_event_is_set(const mp_event *event)
{
    return mp_eventcount_read(&event->changes) % 2 == 1;
}

// Adds one, but only to an odd number, or only to an even one.
static void add_one(_Atomic uint32_t *count, bool odd)
{
    uint32_t value = atomic_load(count);
    while (value % 2 == odd &&
           !atomic_compare_exchange_weak(count, &value, value + 1)) {
    }
}

void mp_event_set(mp_event *event)
{
    mp_watch_event("sets", event, 0);
    add_one(&event->changes.count, false);
    mp_eventcount_wake(&event->changes, INT32_MAX);
}

void mp_event_clear(mp_event *event)
{
    add_one(&event->changes.count, true);
}

int mp_event_wait(mp_event *event, double timeout)
{
    mp_watch_event("asks", event, 0);
    uint32_t seen = mp_eventcount_read(&event->changes);
    bool is_set = seen % 2 == 1 || mp_count_await(&event->changes, seen,
                                                  mp_clock_deadline(timeout));
    mp_watch_event(is_set ? "has" : "late", event, 0);
    return is_set ? 0 : mp_fail(ETIMEDOUT, "the event is still not set");
}
