// # apply waits, apply_async queues
//
// Four workers compute the same ten squares twice, and each square
// takes a while: first by `pool.apply(func, (item,))`, then by
// `apply_async`. Watch the times, which vary a little. `apply` waits
// for its task, so one worker works while three are idle. The whole
// takes ten times as long as one task. `apply_async` returns at once,
// also when all four workers are busy: the other six tasks wait in a
// queue. The workers do four tasks at a time, then four, then two,
// which takes three times as long as one task.
//
// The notes say that Python advises against `apply`. Its manual only
// says that `apply_async` is better for parallel work.

#include "lesson.h"

// A task has one argument. If it needs two values, the argument is a
// struct.
struct func_args {
    int num;
    double seconds;
};

static int func(const void *arg, void *result)
{
    const struct func_args *given = arg;
    time_sleep(given->seconds);
    *(int *)result = given->num * given->num;
    return 0;
}

// `MP_RESULT` names the variable that gets the result.
static void one_by_one(mp_pool *pool, double seconds)
{
    int sum = 0;
    double start = mp_clock_now();
    for (int num = 1; num <= 10; num++) {
        struct func_args args = { num, seconds };
        int square;
        check(mp_pool_apply(pool, func, MP_ITEM(args),
                            MP_RESULT(square)));
        sum += square;
    }
    printf("apply: sum %d, took %.3f s\n", sum, mp_clock_now() - start);
}

static void side_by_side(mp_pool *pool, double seconds)
{
    mp_async_result *results[10];
    double start = mp_clock_now();
    for (int num = 1; num <= 10; num++) {
        struct func_args args = { num, seconds };
        results[num - 1] = mp_pool_apply_async(
            pool, func, MP_ITEM(args), .result_size = sizeof(int));
        check(results[num - 1]);
    }
    double queued = mp_clock_now() - start;
    int sum = 0;
    for (int i = 0; i < 10; i++) {
        int square;
        check(mp_async_result_get(results[i], &square, MP_FOREVER));
        sum += square;
        mp_async_result_free(results[i]);
    }
    printf("apply_async: sum %d, queued after %.3f s, took %.3f s\n",
           sum, queued, mp_clock_now() - start);
}

int main(int argc, char **argv)
{
    double seconds = 0.2;
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[seconds]", &seconds, 1);

    mp_pool *pool = mp_pool_new(.processes = 4);
    check(pool);
    one_by_one(pool, seconds);
    side_by_side(pool, seconds);
    check(mp_pool_close(pool));
    check(mp_pool_join(pool));
    mp_pool_free(pool);
}

// ## What happens underneath
//
// Python's queue has no end, and ours has one: the board has slots for
// 65536 calls of `apply_async`. When all are in use, `apply_async` does
// wait, until the oldest of these tasks is done (`slot_is_free()` in
// `common/pool/submit.c`).
//
// `mp_pool_apply` calls `mp_pool_apply_async` and then
// `mp_async_result_get`, as Python's `apply` does (`mp_pool_map_with()`
// in `common/pool/map.c`: for the library one task is a list of one
// item, and lesson 13 is about lists).
//
// ## Try this
//
// - Give the pool ten workers, then one. How long do both ways take?
// - `make lesson-pool_squares_apply ARGS=0` shows what a task costs
//   that does nothing. (The first call also waits until the first
//   worker is there. Call `one_by_one` twice to see the difference, and
//   print six decimals, by `%.6f`.) Compare with
//   `make python-pool_squares_apply ARGS=0`, and with the start of a
//   process in lesson 11: why is there a pool?
