// # map waits, map_async lets the parent work on
//
// `pool.map(func, lst)` does a whole list: it returns when all squares
// are there, in the order of the list, whoever did them. `map_async`
// returns at once with a promise (lesson 12), and here the parent
// counts prime numbers until all results are there. Watch the times,
// and what stands between the two lists: how many primes it found
// meanwhile, which varies.
//
// The notes conclude that `map` is based on threads. Its workers are
// processes, here and in Python. (Python's pool of threads is another
// class, `ThreadPool`.)

#include "lesson.h"

// Each item takes a while, so a struct holds two values. Python gives
// the second to `func` by `partial`, which makes a function of one
// argument out of a function of two.
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

// `ready` asks and does not wait. Between two such questions no worker
// waits for the parent.
static void work_until_ready(mp_async_result *promise)
{
    int primes = 0;
    long number = 0;
    while (!mp_async_result_ready(promise)) {
        primes += is_prime(++number);
    }
    printf("meanwhile the parent found %d primes\n", primes);
}

// `MP_ITEMS` is the list, and `MP_RESULTS` the array for the squares.
// `map_async` takes either that array or `.result_size` alone, and then
// `get` is given the array. Do not read it before `get` has returned.
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

// ## What happens underneath
//
// A list is cut into chunks, and a worker takes one chunk at a time. By
// Python's rule there are about four chunks for each worker, so that
// none is idle for long at the end. With four workers a chunk is a
// sixteenth of the list, rounded up (`choose_chunksize()` in
// `common/pool/map.c`). Ten items make ten chunks of one. A thousand
// make sixteen, fifteen of 63 and a last one of 55, and all of them
// belong to one promise. By `apply_async` they would be a thousand
// promises.
//
// Results need no sorting: each task writes to the place of its item,
// in memory that all these processes share (`run()` in
// `common/pool/board.c`). `get` copies them from there. Python sends
// them back over a pipe, a chunk at a time.
//
// ## Try this
//
// - Give both maps `.chunksize = 5`. How long do they take now, and how
//   many of the four workers work?
// - In the second map give `MP_RESULTS(later)` in the place of
//   `.result_size`, and NULL to `get` in the place of `later`.
// - Run it on one CPU: `taskset -c 0 make lesson-13`. Are fewer primes
//   found than in several runs without `taskset`? Then let `func` ask
//   `mp_clock_now()` again and again until its time is over, in the
//   place of `time_sleep`. And now, with `taskset` and without?
