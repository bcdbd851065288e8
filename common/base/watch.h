// watch.h - where the folder watch is told what happens, if it is asked for.

#ifndef MP_BASE_WATCH_H
#define MP_BASE_WATCH_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

// NULL where watch/watch.h was not asked for.
typedef struct {
    void (*point)(void);  // at each acquire and each release
    void (*look)(const _Atomic uint64_t *lock);  // while a thread waits for it
    void (*end)(void);                           // it does so no more
} mp_watcher;

extern const mp_watcher *mp_watch;

static inline void mp_watch_point(void)
{
    if (mp_watch != NULL) {
        mp_watch->point();
    }
}

// Where the calling thread asked for a lock last, as "file.c:17".
extern _Thread_local const char *mp_place;
#define MP_AT(call) (mp_place = __FILE__ ":" MP_LINE(__LINE__), call)
#define MP_LINE(line) MP_TEXT(line)
#define MP_TEXT(line) #line

#endif
