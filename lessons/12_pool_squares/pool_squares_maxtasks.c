// # Workers that retire
//
// `Pool(1, maxtasksperchild=3)`: a worker ends after three tasks, and a
// new process takes its place. Programs do this where the tasks leave
// something behind, such as memory that a library never frees: what
// ends with a process is free again, whatever it was. Watch which
// worker does which square. There is only one at a time, so it is the
// same in each run.
//
// Then watch what counts as a task: for `map` it is a chunk, however
// many items are in it.

#include "lesson.h"

struct answer {
    int square;
    pid_t pid;
};

static int func(const void *arg, void *result)
{
    int num = *(const int *)arg;
    *(struct answer *)result = (struct answer){ num * num, getpid() };
    return 0;
}

// The workers are numbered as they come.
static int number_of(pid_t pid, pid_t *last, int *workers)
{
    *workers += pid != *last;
    *last = pid;
    return *workers;
}

int main(int argc, char **argv)
{
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);

    const int lst[10] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };
    struct answer answers[10], more[10];
    mp_pool *pool = mp_pool_new(.processes = 1, .maxtasksperchild = 3);
    check(pool);
    for (int i = 0; i < 10; i++) {
        check(mp_pool_apply(pool, func, MP_ITEM(lst[i]),
                            MP_RESULT(answers[i])));
    }
    check(mp_pool_map(pool, func, MP_ITEMS(lst), MP_RESULTS(more),
                      .chunksize = 5));
    check(mp_pool_close(pool));
    check(mp_pool_join(pool));
    mp_pool_free(pool);

    pid_t last = 0;
    int workers = 0;
    for (int i = 0; i < 10; i++) {
        int worker = number_of(answers[i].pid, &last, &workers);
        printf("worker %d: %d\n", worker, answers[i].square);
    }
    for (int i = 0; i < 10; i += 5) {
        int worker = number_of(more[i].pid, &last, &workers);
        printf("worker %d: five squares\n", worker);
    }
}

// ## What happens underneath
//
// A worker counts its chunks in `mp_board_work()` in
// `common/pool/board.c`. After the last one it leaves the loop, and
// ends like any process whose function returns. All its chunks are
// DONE by then. So when the parent finds that it has ended
// (`fail_lost_workers()` in `common/pool/workers.c`), there is nothing
// to report, and it starts another one.
//
// The parent looks at least every 10 ms (`MP_POOL_BEAT`), so a place
// may be empty for that long. With few tasks a worker that costs time.
//
// ## Try this
//
// - Measure the time of ten tasks with `.maxtasksperchild = 1`, and
//   without.
// - Let `func` call `malloc(1 << 20)`, fill it, and never free it.
//   (Fill it through a `volatile char *`: otherwise the compiler leaves
//   all of it out.) How large do the workers become in 1000 tasks, with
//   and without a limit? (See `VmRSS` in `/proc/PID/status`. Without a
//   limit it is 1 GiB: with little memory, take 100 tasks.)
// - Give the pool four workers, and print pids instead of numbers. Who
//   does which square now?
