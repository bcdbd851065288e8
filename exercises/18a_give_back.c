// # At most so many inside, and every place is given back
//
// Five workers want to go in, and `places` of them may be inside at
// once. A worker that is inside calls `work`, which says whether it
// went well. Worker 1 finds nothing to do: `work` returns false, and it
// leaves early with exit code 1, in place of 0. Whoever leaves gives
// its place back at once. If `crash` is not 0, worker 0 is killed while
// it works. Main waits for the workers in their order, and prints a
// line after each. After the last worker as many places are free as at
// first:
//
//     worker 4: exit code 0, 5 of 5 places are free
//
// Write your part: the worker, and the function `join_worker`, which
// joins a worker and gives its place back if the worker could not. It
// prints nothing itself.

#include "lesson.h"

#include <signal.h>

struct worker_args {
    mp_semaphore *semaphore;
    int number;
    double seconds, crash;
};

static bool work(const struct worker_args *given)
{
    printf("enters\n");
    time_sleep(given->seconds);
    if (given->number == 0 && given->crash != 0) {
        kill(getpid(), SIGKILL);
    }
    return given->number != 1;
}

static int worker(void *args);
static void join_worker(mp_process *p, mp_semaphore *semaphore);

int main(int argc, char **argv)
{
    double numbers[4] = { 5, 0.2, 0.1, 1 };
    mp_main(argc, argv);
    lesson_numbers(argc, argv,
                   "[places] [seconds 0] [seconds 1 to 4] [crash]",
                   numbers, 4);
    int places = (int)numbers[0];

    mp_semaphore *semaphore = mp_array(mp_semaphore, 1);
    check(semaphore);
    check(mp_semaphore_init(semaphore, places));
    mp_process p[5];
    for (int i = 0; i < 5; i++) {
        struct worker_args args = { semaphore, i,
                                    numbers[i == 0 ? 1 : 2],
                                    numbers[3] };
        check(mp_process_init(&p[i], .target = worker, MP_ARGS(args)));
        check(mp_process_start(&p[i]));
    }
    for (int i = 0; i < 5; i++) {
        join_worker(&p[i], semaphore);
        printf("worker %d: exit code %d, %d of %d places are free\n",
               i, mp_process_exitcode(&p[i]),
               mp_semaphore_get_value(semaphore), places);
        check(mp_process_close(&p[i]));
    }
    mp_shm_free(semaphore);
}

static int worker(void *args)
{
    const struct worker_args *given = args;
    // ---- your part
    return work(given) ? 0 : 1;
}

static void join_worker(mp_process *p, mp_semaphore *semaphore)
{
    check(mp_semaphore_release(semaphore));
    check(mp_process_join(p, MP_FOREVER));
    // ---- end of your part
}
