// # close before join
//
// The notes explain `pool.close()` as "no more processes can be added
// to the pool". It is tasks that can no longer be added. The processes
// are there from the beginning, four of them in `Pool(4)`, and they
// still do what was asked before. `join` waits for their end, so it
// must come after `close`. Watch the two refusals.

#include "lesson.h"

static int func(const void *arg, void *result)
{
    int num = *(const int *)arg;
    *(int *)result = num * num;
    return 0;
}

static mp_async_result *ask(mp_pool *pool, int num)
{
    return mp_pool_apply_async(pool, func, MP_ITEM(num),
                               .result_size = sizeof(int));
}

// A join before `close` would have no end: workers stay as long as
// tasks may come. Both refusals change nothing, and the sentences are
// Python's.
int main(int argc, char **argv)
{
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);

    mp_pool *pool = mp_pool_new(.processes = 4);
    check(pool);
    mp_async_result *result = ask(pool, 7);
    check(result);
    if (mp_pool_join(pool) == -1) {
        printf("join before close: %s\n", mp_error());
    }
    check(mp_pool_close(pool));
    if (ask(pool, 8) == NULL) {
        printf("a task after close: %s\n", mp_error());
    }
    check(mp_pool_join(pool));

    int square;
    check(mp_async_result_get(result, &square, MP_FOREVER));
    printf("the task before close: %d\n", square);
    mp_async_result_free(result);
    mp_pool_free(pool);
}

// ## What happens underneath
//
// `mp_pool_close()` in `common/pool/pool.c` marks the pool as closed
// and wakes its workers. A worker that finds no task on the board of a
// closed pool ends, and `mp_pool_join()` in `common/pool/pool.c` waits
// until all have ended.
//
// ## Try this
//
// - Close the pool twice. Is the second call refused?
// - Put `mp_pool_terminate` in the place of `mp_pool_close`, without
//   `check` around `mp_async_result_get`, and let `square` begin as -1.
//   What is the square now, in ten runs? And if `func` sleeps for a
//   second?
