// watch.h - where watch and trace are told what happens, if they are asked for.

#ifndef MP_BASE_WATCH_H
#define MP_BASE_WATCH_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

typedef struct mp_watcher {
    // What happens to an object: trace.h has the list.
    void (*event)(const char *what, const void *object, long number);
    // While a thread waits for the lock; or NULL.
    void (*look)(const _Atomic uint64_t *lock);
    const struct mp_watcher *next;
} mp_watcher;

extern const mp_watcher *mp_watch;

static inline void mp_watch_event(const char *what, const void *object,
                                  long number)
{
    for (const mp_watcher *it = mp_watch; it != NULL; it = it->next) {
        it->event(what, object, number);
    }
}

// Where the calling thread asked for a lock last, as "file.c:17".
extern _Thread_local const char *mp_place;
#define MP_AT(call) (mp_place = __FILE__ ":" MP_LINE(__LINE__), call)
#define MP_LINE(line) MP_TEXT(line)
#define MP_TEXT(line) #line

#endif
