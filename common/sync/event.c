#include "base/platform.h"

#include "sync/sync.h"

#include "base/error.h"

bool mp_event_is_set(const mp_event *event)
{
    return atomic_load(&event->count.value) % 2 == 1;
}

// Adds one, but only to an odd number, or only to an even one.
static void add_one(_Atomic uint32_t *count, bool odd)
{
    uint32_t value = atomic_load(count);
    while (value % 2 == odd &&
           !atomic_compare_exchange_weak(count, &value, value + 1)) {
    }
}

// Wakes sleepers also where the event was set already: the process that set it
// may have been killed before it woke them.
void mp_event_set(mp_event *event)
{
    add_one(&event->count.value, false);
    mp_counted_wake(&event->count, INT32_MAX);
}

void mp_event_clear(mp_event *event)
{
    add_one(&event->count.value, true);
}

int mp_event_wait(mp_event *event, double timeout)
{
    uint32_t seen = atomic_load(&event->count.value);
    mp_waiting wait = mp_waiting_begin(timeout);
    if (seen % 2 == 1 || mp_counted_await(&wait, &event->count, seen)) {
        return 0;
    }
    return mp_fail(ETIMEDOUT, "the event is still not set");
}
