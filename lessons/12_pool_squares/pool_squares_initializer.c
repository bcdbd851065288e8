// # What each worker does first
//
// `Pool(4, initializer=make_table, initargs=(10,))`: each worker calls
// `make_table(10)` once, before its first task. So what is dear, such
// as reading a file, is done once a worker and not once a task. Here
// it is a table of squares, and the tasks look into it. Watch how many
// tables are made: as many as there are workers, whoever does how many
// of the tasks.
//
// Then watch a pool whose initializer fails. Python's starts another
// worker, and another one, without end, and `get` waits for ever. Ours
// gives up after some, and says why. How many workers were started
// varies in Python.

#include "lesson.h"

#include <stdatomic.h>

// This table is filled in a worker. What the initializer leaves in
// ordinary memory is there in each task of this worker, and nowhere
// else.
static int table[11];

// Every worker counts itself in memory that all share.
struct init_args {
    int numbers;
    int status;
    _Atomic int *workers;
};

// An initializer has one parameter, a pointer to a copy of its
// arguments. If it does not return 0, this worker ends with that
// status, as a worker that calls `exit` does.
static int make_table(const void *args)
{
    const struct init_args *given = args;
    atomic_fetch_add(given->workers, 1);
    for (int num = 1; num <= given->numbers; num++) {
        table[num] = num * num;
    }
    return given->status;
}

static int func(const void *arg, void *result)
{
    *(int *)result = table[*(const int *)arg];
    return 0;
}

int main(int argc, char **argv)
{
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);

    const int lst[10] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };
    int squares[10], sum = 0;
    struct init_args args = { .numbers = 10 };
    args.workers = mp_shm_alloc(sizeof *args.workers);
    check(args.workers);
    atomic_store(args.workers, 0);
    mp_pool *pool = mp_pool_new(.processes = 4,
                                .initializer = make_table,
                                MP_ARGS(args));
    check(pool);
    check(mp_pool_map(pool, func, MP_ITEMS(lst), MP_RESULTS(squares)));
    check(mp_pool_close(pool));
    check(mp_pool_join(pool));
    mp_pool_free(pool);
    for (int i = 0; i < 10; i++) {
        sum += squares[i];
    }
    printf("%d tables, sum %d\n", atomic_load(args.workers), sum);

    args.status = 3;
    atomic_store(args.workers, 0);
    pool = mp_pool_new(.processes = 4, .initializer = make_table,
                       MP_ARGS(args));
    check(pool);
    if (mp_pool_apply(pool, func, MP_ITEM(lst[0]),
                      MP_RESULT(squares[0])) == -1) {
        printf("%s\n", mp_error());
    }
    mp_pool_free(pool);
    printf("%d workers were started\n", atomic_load(args.workers));
    mp_shm_free((void *)args.workers);
}

// ## What happens underneath
//
// `work()` in `common/pool/workers.c` is what a worker does: it calls
// the initializer, and notes on the job board that it has begun, if it
// succeeded. Only then it looks for tasks. The parent counts how many
// workers in a row have ended and had not begun. When these are more
// than three for each place, `replace_workers()` in
// `common/pool/workers.c` starts no other, and the call that waits
// fails. The next call tries anew: the cause may be gone.
//
// ## Try this
//
// - Let `make_table` sleep for a second where `status` is 0. How long
//   does the first task take, and the second one?
// - Let it fail only for the first two workers: it has a counter. What
//   is printed?
// - Kill a worker, as lesson 14 does. How many tables are made?
