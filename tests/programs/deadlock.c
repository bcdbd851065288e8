// Two processes take two locks, each in its own order, and wait for each other.
// "late": one of them begins to wait long after the other. "one": the parent
// holds the second lock instead, and waits for none.

#define _GNU_SOURCE
#include <stdio.h>
#include <unistd.h>

#include "mp.h"

typedef struct {
    mp_lock *first, *second;
    mp_semaphore *both;  // each has its first lock
    int late;            // microseconds
} job;

static int work(void *args)
{
    job *given = args;
    mp_lock_acquire(given->first, MP_FOREVER);
    mp_semaphore_release(given->both);
    while (mp_semaphore_get_value(given->both) < 2) {
        usleep(1000);
    }
    usleep((unsigned)given->late);
    if (mp_lock_acquire(given->second, 3) == -1) {
        return 3;
    }
    mp_lock_release(given->second);
    return mp_lock_release(given->first);
}

int main(int argc, char **argv)
{
    mp_main(argc, argv);
    mp_lock *locks = mp_array(mp_lock, 2);
    mp_semaphore *both = mp_array(mp_semaphore, 1);
    mp_semaphore_init(both, 0);
    mp_process p[2];
    int late = argc > 1 && *argv[1] == 'l' ? 600000 : 0;
    int processes = argc > 1 && late == 0 ? 1 : 2;
    if (processes == 1) {
        mp_lock_acquire(&locks[1], MP_FOREVER);
        mp_semaphore_release(both);
    }
    for (int i = 0; i < processes; i++) {
        job given = { &locks[i], &locks[1 - i], both, i * late };
        mp_process_init(&p[i], .target = work, MP_ARGS(given));
        mp_process_start(&p[i]);
    }
    for (int i = 0; i < processes; i++) {
        mp_process_join(&p[i], MP_FOREVER);
        mp_process_close(&p[i]);
    }
}
