// # A killed process gives nothing back
//
// A semaphore has no owner: it is a number, and nothing says who took
// what. Any process may release it, also one that has acquired nothing.
// So what a killed process had acquired is not given back, in Python
// and in C. (A lock of this library knows its owner: lesson 16.) Watch
// the number after the child is killed. The parent knows from the exit
// code that the child was killed, and releases in its place.
//
// Then it releases once too often. A `BoundedSemaphore` never rises
// above the number that it began with, so it refuses this. A
// `Semaphore` would become 4, and nobody would see the mistake.

#include "lesson.h"

#include <signal.h>

struct worker_args {
    mp_semaphore *semaphore;
};

// SIGKILL is signal number 9. No process can catch or ignore it.
static int worker(void *args)
{
    const struct worker_args *given = args;
    check(mp_semaphore_acquire(given->semaphore, MP_FOREVER));
    kill(getpid(), SIGKILL);
    return 0;
}

int main(int argc, char **argv)
{
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);

    mp_semaphore *semaphore = mp_array(mp_semaphore, 1);
    check(semaphore);
    check(mp_bounded_semaphore_init(semaphore, 3));
    struct worker_args args = { semaphore };
    mp_process p;
    check(mp_process_init(&p, .target = worker, MP_ARGS(args)));
    check(mp_process_start(&p));
    check(mp_process_join(&p, MP_FOREVER));
    printf("exit code %d, value %d\n", mp_process_exitcode(&p),
           mp_semaphore_get_value(semaphore));
    check(mp_process_close(&p));

    check(mp_semaphore_release(semaphore));
    printf("the parent releases, value %d\n",
           mp_semaphore_get_value(semaphore));
    if (mp_semaphore_release(semaphore) == -1) {
        printf("once more: %s\n", mp_error());
    }
    mp_shm_free(semaphore);
}

// ## What happens underneath
//
// Could the semaphore write down who has acquired it, as a lock does?
// Then each `release` would have to come from one of them. But often
// one process releases what another acquires. For example, a semaphore
// counts the tasks in a queue: those who put a task there release it,
// and those who take a task acquire it. So `mp_semaphore` in
// `common/sync/sync.h` is a number and its upper limit, and knows no
// process.
//
// `mp_semaphore_release()` in `common/sync/semaphore.c` compares with
// the limit. The limit of a `Semaphore` is 2147483647, as in Python.
//
// ## Try this
//
// - Let three such children run, do not release, and acquire in the
//   parent with a time-out of one second. What does `mp_error()` say?
// - Write `mp_semaphore_init` in the place of
//   `mp_bounded_semaphore_init`. What is the value at the end?
// - The exit code says that the child was killed. Does it say whether
//   the child had acquired the semaphore? How could the parent know?
