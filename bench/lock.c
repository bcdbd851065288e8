// What does a lock cost, free and contended? README.md says more.
//
// n is the number of processes. With the lock, each adds 1 to a number, by
// which the parent counts. A sample is how long it takes to grow by 1000.

#define _GNU_SOURCE

#include "bench.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "ways.h"

enum { PROCESSES_MOST = 16 };

// What all processes write to has a cache line of its own.
static struct {
    _Atomic int begun;
    _Atomic bool over;
    _Alignas(64) mp_lock lock;
    _Alignas(64) pthread_mutex_t mutex;
    _Alignas(64) pthread_mutex_t robust;
    _Alignas(64) sem_t semaphore;
    _Alignas(64) volatile int64_t number;
} *shared;

// A function that does it a hundred times, and returns 0 if no call failed. (A
// call through a pointer takes a good part of the time that a free lock takes.)
#define HUNDRED(name, acquire, release) \
    static int name(void)               \
    {                                   \
        int failed = 0;                 \
        for (int i = 0; i < 100; i++) { \
            failed |= (acquire);        \
            shared->number++;           \
            failed |= (release);        \
        }                               \
        return failed;                  \
    }

HUNDRED(mp, mp_lock_acquire(&shared->lock, MP_FOREVER),
        mp_lock_release(&shared->lock))
HUNDRED(mutex, pthread_mutex_lock(&shared->mutex),
        pthread_mutex_unlock(&shared->mutex))
HUNDRED(robust, pthread_mutex_lock(&shared->robust),
        pthread_mutex_unlock(&shared->robust))
HUNDRED(semaphore, sem_wait(&shared->semaphore), sem_post(&shared->semaphore))

enum { MP, MUTEX, ROBUST, SEMAPHORE };
static int (*const hundreds[])(void) = { mp, mutex, robust, semaphore };

static _Noreturn void be_child(int (*hundred)(void))
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    shared->begun++;
    while (!shared->over) {
        if (hundred() != 0) {
            bench_fail("a lock could not be acquired or released");
        }
    }
    _exit(0);
}

static int64_t measure(int64_t processes, int kind)
{
    pid_t pids[PROCESSES_MOST];
    shared->begun = 0;
    shared->over = false;
    for (int64_t i = 0; i < processes; i++) {
        pids[i] = (pid_t)need(fork(), "fork");
        if (pids[i] == 0) {
            machine_pin(1 + (int)i % bench_cpus, 1);
            be_child(hundreds[kind]);
        }
    }
    while (shared->begun < processes) {
        usleep(1000);
    }
    int64_t begin = bench_now(), first = shared->number;
    usleep(2000 * (unsigned)processes);
    int64_t took = bench_now() - begin, count = shared->number - first;
    shared->over = true;
    for (int64_t i = 0; i < processes; i++) {
        ways_wait(pids[i]);
    }
    return took * 1000 / (count + 1);
}

// ---- the question ---------------------------------------------------------

static const bench_mode modes[] = {
    { .name = "mp lock", .run = measure, .arg = MP, .again = true },
    { .name = "mutex", .run = measure, .arg = MUTEX },
    { .name = "robust mutex", .run = measure, .arg = ROBUST },
    { .name = "semaphore", .run = measure, .arg = SEMAPHORE },
    { .name = "Python Lock", .python = "lock" },
    { .name = NULL },
};

static const int64_t processes[] = { 1, 2, PROCESSES_MOST, 0 };

static void prepare(void)
{
    pthread_mutexattr_t how;
    shared = mp_shm_new(1, sizeof *shared, NULL);
    must(shared != NULL ? 0 : -1);
    pthread_mutexattr_init(&how);
    pthread_mutexattr_setpshared(&how, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(&shared->mutex, &how);
    pthread_mutexattr_setrobust(&how, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&shared->robust, &how);
    need(sem_init(&shared->semaphore, 1, 1), "sem_init");
}

bench_question question = {
    .name = "lock",
    .asks = "What does it cost to acquire a lock and to release it?",
    .modes = modes,
    .sizes = processes,
    .pinned = 2,
    .apart = true,
    .prepare = prepare,
};
