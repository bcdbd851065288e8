// # map waits, map_async lets the parent work on
//
// `pool.map(func, lst)` does a whole list. It returns when all squares
// are there, in the order of the list. `map_async` returns at once with
// a promise (lesson 12), and the parent counts prime numbers until all
// results are there. Watch the times, and the line between the two
// lists: how many primes the parent found meanwhile, which varies.
//
// The notes conclude that `map` is based on threads. Its workers are
// processes, in C and in Python. (Python's pool of threads is another
// class, `ThreadPool`.)

#include "lesson.h"

// An item is a struct with two values: the number, and how long the
// task is to sleep. (Python's `partial` makes a function of one
// argument out of `func`, which has two.)
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

static bool is_prime(long number)
{
    for (long i = 2; i * i <= number; i++) {
        if (number % i == 0) {
            return false;
        }
    }
    return number > 1;
}

static void print_list(const int list[10])
{
    for (int i = 0; i < 10; i++) {
        printf("%s%d", i == 0 ? "[" : ", ", list[i]);
    }
    printf("]\n");
}

// `ready` says whether all results are there, and does not wait. The
// workers go on while the parent computes.
static void work_until_ready(mp_async_result *promise)
{
    int primes = 0;
    long number = 0;
    while (!mp_async_result_ready(promise)) {
        primes += is_prime(++number);
    }
    printf("meanwhile the parent found %d primes\n", primes);
}

// `MP_ITEMS` names the list, and `MP_RESULTS` the array for the
// squares, which must have as many elements as the list has items.
// `map_async` takes either this array, or `.result_size` alone, and
// then `get` takes the array. Do not read it before `get` has returned.
int main(int argc, char **argv)
{
    double seconds = 0.2;
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[seconds]", &seconds, 1);

    struct func_args lst[10];
    for (int i = 0; i < 10; i++) {
        lst[i] = (struct func_args){ i + 1, seconds };
    }
    mp_pool *pool = mp_pool_new(.processes = 4);
    check(pool);

    int squares[10], later[10];
    double start = mp_clock_now();
    check(mp_pool_map(pool, func, MP_ITEMS(lst), MP_RESULTS(squares)));
    printf("map returned after %.3f s\n", mp_clock_now() - start);
    print_list(squares);

    start = mp_clock_now();
    mp_async_result *results = mp_pool_map_async(
        pool, func, MP_ITEMS(lst), .result_size = sizeof *later);
    check(results);
    printf("map_async returned after %.3f s\n", mp_clock_now() - start);
    work_until_ready(results);
    check(mp_async_result_get(results, later, MP_FOREVER));
    print_list(later);
    mp_async_result_free(results);

    check(mp_pool_close(pool));
    check(mp_pool_join(pool));
    mp_pool_free(pool);
}

// ## See it
//
// `make trace-map_vs_map_async_chunksize` draws the chunks of a list
// that is mapped three times: items to the right, time downwards, and
// the colour is the worker. Small chunks are shared by all workers, and
// one large chunk is the work of a single one.
//
// ## What happens underneath
//
// The library cuts a list into chunks, and a worker takes one chunk at
// a time. By Python's rule there are about four chunks for each worker,
// so that no worker is idle for long at the end. With four workers a
// chunk is a sixteenth of the list, rounded up (`choose_chunksize()` in
// `common/pool/map.c`). Ten items make ten chunks of one item. A
// thousand items make sixteen chunks: fifteen of 63 items and a last
// one of 55. One promise stands for all of them. With `apply_async` you
// would have a thousand promises.
//
// A worker takes a chunk as in lesson 12: by a compare-and-swap of the
// chunk's word on the job board. `common/pool/board.h` draws the states
// of a chunk, from PENDING (its items are not all copied yet) to DONE.
//
// The results need no sorting. Item 5 has its own space for its result,
// in memory that all these processes share, and whichever worker does
// item 5 writes there (`run()` in `common/pool/board.c`). `get` copies
// the results from there. Python sends them back through a pipe, one
// chunk at a time.
//
// ## Try this
//
// - Give both maps `.chunksize = 5`. How long do they take now, and how
//   many of the four workers work?
// - In the second map write `MP_RESULTS(later)` instead of
//   `.result_size`, and give NULL to `get` instead of `later`.
// - Run it on one CPU: `taskset -c 0 make lesson-map_vs_map_async`.
//   Does the parent find fewer primes than without `taskset`? Then let
//   `func` call `mp_clock_now()` in a loop until its time is over,
//   instead of `time_sleep`. Does it find fewer now? Why do the maps
//   take no longer?
