// Acquires and releases a lock that nobody else wants, and sets an event for
// which others wait: waits TIMES WAITERS.

#define _GNU_SOURCE

#include <stdlib.h>
#include <unistd.h>

#include "mp.h"

enum { MOST = 64 };

typedef struct {
    mp_lock lock;
    mp_event event;
} together;

static int wait_for_it(void *args)
{
    return mp_event_wait(&(*(together **)args)->event, MP_FOREVER);
}

int main(int argc, char **argv)
{
    mp_main(argc, argv);
    together *shared[1] = { mp_array(together, 1) };
    uint32_t waiters = (uint32_t)atoi(argv[2]);
    mp_process p[MOST];
    for (uint32_t i = 0; i < waiters; i++) {
        mp_process_init(&p[i], .target = wait_for_it, MP_ARGS(shared));
        mp_process_start(&p[i]);
    }
    while (atomic_load(&shared[0]->event.changes.sleepers) < waiters) {
        usleep(1000);
    }
    for (long i = 0; i < atol(argv[1]); i++) {
        mp_lock_acquire(&shared[0]->lock, MP_FOREVER);
        mp_lock_release(&shared[0]->lock);
    }
    getppid();  // a mark in a trace, before and after
    mp_event_set(&shared[0]->event);
    getppid();
    int failed = 0;
    for (uint32_t i = 0; i < waiters; i++) {
        mp_process_join(&p[i], MP_FOREVER);
        failed += mp_process_exitcode(&p[i]) != 0;
        mp_process_close(&p[i]);
    }
    return failed;
}
