// # A promise of a square
//
// A pool keeps a few processes, its workers, and gives them tasks: here
// four workers and ten numbers to square, `pool.apply_async(func,
// (item,))`. Watch the first line. What `apply_async` returns is no
// number, but an object that stands for one which may not be there yet:
// a promise. Python's class is `ApplyResult`, and its manual calls it
// `AsyncResult`. `get` waits for the number.
//
// The notes say that the program waits where all workers are busy. It
// does not: tasks stand in a queue. The second program of this lesson
// measures that.

#include "lesson.h"

// A task is a function of two pointers, to its argument and to where
// its result goes. Which types they are only the task and its caller
// know. It returns 0, or another number if it has failed.
static int func(const void *arg, void *result)
{
    int num = *(const int *)arg;
    *(int *)result = num * num;
    return 0;
}

// C has no `type()`. But `_Generic` is a choice that the compiler makes
// by the type of an expression.
#define type(value)                         \
    _Generic((value),                       \
             int: "int",                    \
             mp_async_result *: "mp_async_result")

// `MP_ITEM` copies the number when the task is made, so a worker finds
// it whatever becomes of the variable. `.result_size` says how large
// the answer will be. Functions that return an object return NULL where
// they fail.
//
// `close` means that no more tasks come, and `join` waits until all are
// done and the workers have ended. The results stay until they are
// freed, also after that.
int main(int argc, char **argv)
{
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);

    const int lst[10] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };
    mp_pool *pool = mp_pool_new(.processes = 4);
    check(pool);
    mp_async_result *results[10];
    for (int i = 0; i < 10; i++) {
        results[i] = mp_pool_apply_async(pool, func, MP_ITEM(lst[i]),
                                         .result_size = sizeof(int));
        check(results[i]);
    }
    check(mp_pool_close(pool));
    check(mp_pool_join(pool));

    printf("%s\n", type(results[0]));
    for (int i = 0; i < 10; i++) {
        int square;
        check(mp_async_result_get(results[i], &square, MP_FOREVER));
        printf("%d\n", square);
        mp_async_result_free(results[i]);
    }
    mp_pool_free(pool);
}

// ## What happens underneath
//
// The tasks stand on a board in memory that all these processes share.
// A worker takes the first that is free by one instruction of the
// processor, a compare-and-swap: if the task is still free it writes
// the worker's number beside it, and it says whether it did. It is
// atomic: of two workers that try at once, one succeeds
// (`claim_in_job()` in `common/pool/board.c`). So nobody hands tasks
// out, nobody waits for a lock, and who does what varies from run to
// run. The order of the lines does not: `get` is asked in that order.
//
// In Python a thread of the parent writes tasks to a pipe, from which
// all workers read in turn, under a lock, and another thread reads the
// results from a second pipe.
//
// ## Try this
//
// - Take `close` and `join` away. Is anything missing? Who waits now?
// - Let `func` print its number and the pid. Who does how many of them,
//   and is it the same in the next run? Why does one worker often do
//   all? Let `func` call `time_sleep(0.01)`, too, and look again.
// - Then take `close`, `join` and the last loop away. `mp_pool_free`
//   kills the workers of a pool that was not joined. How many numbers
//   are printed now? And how many with `time_sleep(1)` before it, in a
//   terminal and through a pipe, `make lesson-pool_squares | cat`?
// - Call `mp_pool_apply_async` once more, after `close`.
