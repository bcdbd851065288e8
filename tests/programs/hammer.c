// Locks, semaphores, conditions and events under load, counted; and a holder
// that is killed. It needs nothing but the library, so it runs on any processor.
//
//     hammer TIMES    prints "all counts are right", or what is wrong

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "mp.h"

enum { PROCESSES = 8, ROOM = 3 };

static struct shared {
    mp_lock lock;
    mp_rlock rlock;
    mp_semaphore semaphore;
    mp_condition changed;
    mp_event go;
    long times, counted, counted_again, stock, taken, too_many;
    _Atomic int inside;
} *shared;

struct arg {
    struct shared *shared;
};

static int hammer(void *args)
{
    shared = ((struct arg *)args)->shared;
    mp_event_wait(&shared->go, MP_FOREVER);
    for (long i = 0; i < shared->times; i++) {
        mp_lock_acquire(&shared->lock, MP_FOREVER);
        shared->counted++;
        mp_lock_release(&shared->lock);
        mp_rlock_acquire(&shared->rlock, MP_FOREVER);
        mp_rlock_acquire(&shared->rlock, MP_FOREVER);
        shared->counted_again++;
        mp_rlock_release(&shared->rlock);
        mp_rlock_release(&shared->rlock);
        mp_semaphore_acquire(&shared->semaphore, MP_FOREVER);
        if (atomic_fetch_add(&shared->inside, 1) >= ROOM) {
            shared->too_many++;
        }
        atomic_fetch_sub(&shared->inside, 1);
        mp_semaphore_release(&shared->semaphore);
    }
    return 0;
}

static int consume(void *args)
{
    shared = ((struct arg *)args)->shared;
    for (long i = 0; i < shared->times; i++) {
        mp_condition_acquire(&shared->changed, MP_FOREVER);
        while (shared->stock == 0) {
            mp_condition_wait(&shared->changed, MP_FOREVER);
        }
        shared->stock--;
        shared->taken++;
        mp_condition_release(&shared->changed);
    }
    return 0;
}

static int produce(void *args)
{
    shared = ((struct arg *)args)->shared;
    for (long i = 0; i < 2 * shared->times; i++) {
        mp_condition_acquire(&shared->changed, MP_FOREVER);
        shared->stock++;
        mp_condition_notify(&shared->changed, 1);
        mp_condition_release(&shared->changed);
    }
    return 0;
}

static int die_with_lock(void *args)
{
    shared = ((struct arg *)args)->shared;
    mp_lock_acquire(&shared->lock, MP_FOREVER);
    return raise(SIGKILL);
}

static void start(mp_process *process, int (*target)(void *))
{
    struct arg arg = { shared };
    if (mp_process_init(process, .target = target, MP_ARGS(arg)) == -1 ||
        mp_process_start(process) == -1) {
        fprintf(stderr, "%s\n", mp_error());
        exit(1);
    }
}

int main(int argc, char **argv)
{
    mp_main(argc, argv);
    long times = argc > 1 ? atol(argv[1]) : 1000;
    shared = mp_value(struct shared, .times = times);
    mp_semaphore_init(&shared->semaphore, ROOM);
    mp_process all[PROCESSES + 4];
    for (int i = 0; i < PROCESSES; i++) {
        start(&all[i], hammer);
    }
    start(&all[PROCESSES], consume);
    start(&all[PROCESSES + 1], consume);
    start(&all[PROCESSES + 2], produce);
    mp_event_set(&shared->go);
    for (int i = 0; i < PROCESSES + 3; i++) {
        mp_process_join(&all[i], MP_FOREVER);
    }
    start(&all[PROCESSES + 3], die_with_lock);
    mp_process_join(&all[PROCESSES + 3], MP_FOREVER);
    int inherited = mp_lock_acquire(&shared->lock, MP_FOREVER);
    bool right = shared->counted == PROCESSES * times && inherited == 1 &&
                 shared->counted_again == PROCESSES * times &&
                 shared->too_many == 0 && shared->stock == 0 &&
                 shared->taken == 2 * times;
    if (right) {
        puts("all counts are right");
    } else {
        printf("counted %ld, %ld, taken %ld, left %ld, too many %ld, owner's "
               "death told: %d\n", shared->counted, shared->counted_again,
               shared->taken, shared->stock, shared->too_many, inherited);
    }
    return right ? 0 : 1;
}
