// watch.h - where the folders watch and trace are told what happens, if the
// environment asks for them. Where it does not, that costs a look at a pointer.

#ifndef MP_BASE_WATCH_H
#define MP_BASE_WATCH_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

typedef struct mp_watcher {
    // What happens to an object: "asks", "has", "late" and "leaves" of a lock
    // or a semaphore; trace.h has the others, and what the number means.
    void (*event)(const char *what, const void *object, long number);
    void (*look)(const _Atomic uint64_t *lock);  // while a thread waits,
                                                 // or NULL
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
