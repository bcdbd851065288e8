// # apply waits, apply_async queues
//
// The same ten squares by the same four workers, and each takes a
// while: first by `pool.apply(func, (item,))`, then by `apply_async`.
// Watch the times, which vary a little. `apply` waits for its task, so
// one worker works while three are idle, and the whole takes ten times
// as long as one task. `apply_async` returns at once, also where all
// four workers are busy: the other six tasks queue. Four, four and two
// of them are done side by side, in three times as long as one takes.
//
// The notes say that Python advises against `apply`. Its manual says no
// more than that `apply_async` suits parallel work better.

#include "lesson.h"

// A task has one argument. Where it needs two values, they stand in a
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

// `MP_RESULT` says which variable gets the answer.
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
// Python's queue is endless, and ours is not. The board has 65536
// places, and where all are taken `apply_async` does wait, for the
// oldest of these tasks (`place_is_free()` in `common/pool/submit.c`).
//
// `mp_pool_apply` is `mp_pool_apply_async` and `mp_async_result_get`,
// one after the other (`mp_pool_map_with()` in `common/pool/map.c`: to
// the library one task is a list of one item, and lesson 13 has lists).
// Python's `apply` is `apply_async(..).get()`, too.
//
// ## Try this
//
// - Give the pool ten workers, then one. How long do both ways take?
// - `make lesson-pool_squares_apply ARGS=0` leaves what a task itself
//   costs, and the wait for the first worker, which has only just been
//   started. Print six decimals, by `%.6f`, and call `one_by_one` twice
//   to see it without that wait. Compare with
//   `make python-pool_squares_apply ARGS=0`, and with the start of a
//   process in lesson 11: why is there a pool?
