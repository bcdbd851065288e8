// # The notes' own maps
//
// `pool.map(func, lst)` and `pool.map_async(func, lst)` as the notes
// write them: a function of one number, and a list. Each way has a pool
// of its own, which is closed and joined before the squares are
// printed. Watch that both lists are the same, and who the workers are:
// children of this process, as many as the pool was asked for.

#include "lesson.h"

static int func(const void *arg, void *result)
{
    int num = *(const int *)arg;
    *(int *)result = num * num;
    return 0;
}

static void print_list(const int list[10])
{
    for (int i = 0; i < 10; i++) {
        printf("%s%d", i == 0 ? "[" : ", ", list[i]);
    }
    printf("]\n");
}

static void close_and_join(mp_pool *pool)
{
    mp_process workers[4];
    printf("%d child processes work\n", mp_active_children(workers, 4));
    check(mp_pool_close(pool));
    check(mp_pool_join(pool));
    mp_pool_free(pool);
}

// What `map_async` returns is a promise of the whole list (lesson 12),
// and `get` gives the list.
int main(int argc, char **argv)
{
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);

    const int lst[10] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };
    int results[10];
    mp_pool *pool = mp_pool_new(.processes = 4);
    check(pool);
    check(mp_pool_map(pool, func, MP_ITEMS(lst), MP_RESULTS(results)));
    close_and_join(pool);
    print_list(results);

    pool = mp_pool_new(.processes = 4);
    check(pool);
    mp_async_result *promise = mp_pool_map_async(
        pool, func, MP_ITEMS(lst), .result_size = sizeof(int));
    check(promise);
    close_and_join(pool);
    check(mp_async_result_get(promise, results, MP_FOREVER));
    print_list(results);
    mp_async_result_free(promise);
}

// ## What happens underneath
//
// The notes end with the remark that `map` is "based on threads". The
// class of Python that has a pool of threads is `ThreadPool`, of
// `multiprocessing.pool`, with the same methods. Our workers are
// started by `mp_process_start`, like every child:
// `mp_pool_start_worker()` in `common/pool/workers.c`.
//
// ## Try this
//
// - Let `func` print `getpid()`. Which of the four do the ten squares?
// - In Python, put `ThreadPool(4)` in the place of `Pool(4)`. How many
//   child processes are there now?
