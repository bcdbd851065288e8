// # A promise of a square
//
// A pool has a few processes, its workers, and gives them tasks. Here
// four workers square ten numbers: `pool.apply_async(func, (item,))`.
// Watch the first line. `apply_async` does not return a number. It
// returns a promise: an object that stands for a result which may not
// be there yet. Python's class is `ApplyResult`, and its manual calls
// it `AsyncResult`. `get` waits for the result and returns it.
//
// The notes say that the program waits while all workers are busy. It
// does not: the tasks wait in a queue. The program `pool_squares_apply`
// measures that.

#include "lesson.h"

// A task is a function with two parameters: a pointer to its argument,
// and a pointer to where its result goes. The compiler does not check
// what is at these addresses: the task must read and write the types
// that its caller uses. It returns 0, or another number if it has
// failed.
static int func(const void *arg, void *result)
{
    int num = *(const int *)arg;
    *(int *)result = num * num;
    return 0;
}

// C has no `type()`, but in `_Generic` the compiler chooses by the type
// of an expression.
#define type(value)                         \
    _Generic((value),                       \
             int: "int",                    \
             mp_async_result *: "mp_async_result")

// `MP_ITEM` copies the number when the task is made, so the variable
// may change afterwards. `.result_size` is the size of the result in
// bytes. Functions that return an object return NULL if they fail.
//
// `close` says that no more tasks come. `join` waits until all tasks
// are done and the workers have ended. The results stay until they are
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

// ## See it
//
// `make timeline-pool_squares_apply` draws another program of this
// lesson. At first it calls `apply`: the workers sleep (green, `z` in
// the text) one at a time. Then it calls `apply_async`, and all of them
// sleep at once.
//
// ## What happens underneath
//
// The tasks are in memory that the parent and all workers share, on a
// job board. Beside each task is a 64-bit number, which
// `common/pool/board.h` calls its word. Some of its bits say the state
// of the task, such as READY, CLAIMED or DONE. Others say which worker
// has it. The first page of that file has a picture of the states. (It
// speaks of chunks, which lesson 13 explains. Here each chunk is one
// task.)
//
// Two workers must never take the same task. Suppose that each reads
// the word, sees READY, and then writes its own number: both could read
// before either writes, and both would have the task. So the processor
// has an instruction that reads, compares and writes in one step, which
// nothing can come between. Such a step is called *atomic*, and this
// one is a *compare-and-swap*. `claim_in_job()` in
// `common/pool/board.c` uses C's name for it:
//
//     if (word == ready &&
//         atomic_compare_exchange_strong(&row[i].word, &word, ours)) {
//
// If the task's word still is `word`, which says READY, it becomes
// `ours`, which says "CLAIMED by me". Otherwise it stays as it is, and
// `word` becomes what it is now. The call returns whether it has
// written. If two workers try at once, it succeeds for one of them, and
// the other one looks for another task.
//
// So no worker waits for a lock, and the parent need not say who does
// which task. That varies from run to run. The order of the lines does
// not vary, because the parent calls `get` in this order.
//
// In Python a thread of the parent writes the tasks to a pipe. The
// workers read from it in turn, under a lock. Another thread of the
// parent reads the results from a second pipe.
//
// ## Try this
//
// - Remove `close` and `join`. Is anything missing? Which call waits
//   for the results now?
// - Let `func` print its number and the pid. How many tasks does each
//   worker do, and is it the same in the next run? Why does one worker
//   often do all? Let `func` call `time_sleep(0.01)`, too, and look
//   again.
// - Keep the `time_sleep(0.01)`, and remove `close`, `join` and the
//   last loop. `mp_pool_free` kills the workers of a pool that was not
//   joined. How many numbers are printed now? And how many with
//   `time_sleep(1)` before it, in a terminal and through a pipe? (`make
//   lesson-pool_squares | cat`)
// - Call `mp_pool_apply_async` once more, after `close`.
