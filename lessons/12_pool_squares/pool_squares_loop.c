// # Ten squares by a loop
//
// The notes square ten numbers by a pool "to compute faster", and add
// that it is only to show how a pool is used. Here both are measured: a
// loop, and `pool.map(func, lst)` by four workers that wait already.
// Watch the two times, in microseconds (millionths of a second), and
// the third line: what the pool cost before it could do anything.
//
// A task of a pool must cost more than what the pool adds to it: its
// way to a worker and back. A multiplication is far below that, also in
// Python. The numbers are measured and vary.

#include "lesson.h"

static int func(const void *arg, void *result)
{
    int num = *(const int *)arg;
    *(int *)result = num * num;
    return 0;
}

static double since(double start)
{
    return (mp_clock_now() - start) * 1e6;
}

// The first map is not measured: at that time the workers may only just
// have been started.
int main(int argc, char **argv)
{
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);

    const int lst[10] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };
    int squares[10];
    double start = mp_clock_now();
    for (int i = 0; i < 10; i++) {
        func(&lst[i], &squares[i]);
    }
    double loop = since(start);

    start = mp_clock_now();
    mp_pool *pool = mp_pool_new(.processes = 4);
    check(pool);
    check(mp_pool_map(pool, func, MP_ITEMS(lst), MP_RESULTS(squares)));
    double making = since(start);

    start = mp_clock_now();
    check(mp_pool_map(pool, func, MP_ITEMS(lst), MP_RESULTS(squares)));
    double map = since(start);

    printf("the loop took %.2f us\n", loop);
    printf("the map took %.2f us\n", map);
    printf("the pool and a first map took %.2f us\n", making);
    printf("faster: the %s\n", loop < map ? "loop" : "map");
    check(mp_pool_close(pool));
    check(mp_pool_join(pool));
    mp_pool_free(pool);
}

// ## What happens underneath
//
// `make bench-apply` measures the way of one task to a worker and back.
// `make bench-map` measures what one item of a long list costs: many
// items are given to a worker at once, and share the price.
//
// ## Try this
//
// - Let `func` sleep for 10 ms: `time_sleep(0.01)`. Who is faster now,
//   and how many times?
// - How long must `func` take until the map wins? Let it count to a
//   number that you raise by ten each time. (A compiler leaves out a
//   loop without effect: declare the counter `volatile`.)
