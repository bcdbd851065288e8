// # A list of any length
//
// The list of the first program is an array whose size the compiler
// knows. A list whose length is known only when the program runs is a
// pointer and a count: `MP_ITEMS_AT(numbers, n)`, and for the results
// `MP_RESULTS_AT(squares)`. Python's list knows its length. Watch the
// two sums, which are equal, and the two times, which are measured and
// vary: the lists lie in ordinary memory, then in shared memory.

#include "lesson.h"

static int func(const void *arg, void *result)
{
    unsigned long num = *(const unsigned long *)arg;
    *(unsigned long *)result = num * num;
    return 0;
}

// Items in ordinary memory are copied to shared memory, where the
// workers find them, and `map` copies the results back. If the list is
// in shared memory already (`mp_shm_alloc`, lesson 4), nothing is
// copied: the workers read and write it where it is.
static void square_all(mp_pool *pool, const char *where,
                       unsigned long *numbers, unsigned long *squares,
                       size_t n)
{
    for (size_t i = 0; i < n; i++) {
        numbers[i] = i + 1;
    }
    double start = mp_clock_now();
    check(mp_pool_map(pool, func, MP_ITEMS_AT(numbers, n),
                      MP_RESULTS_AT(squares)));
    double took = (mp_clock_now() - start) * 1000;
    unsigned long sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += squares[i];
    }
    printf("%s: sum %lu, map took %.2f ms\n", where, sum, took);
}

int main(int argc, char **argv)
{
    size_t n = 100000;
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);

    mp_pool *pool = mp_pool_new(.processes = 4);
    check(pool);
    unsigned long *numbers = malloc(n * sizeof *numbers);
    unsigned long *squares = malloc(n * sizeof *squares);
    check(numbers);
    check(squares);
    square_all(pool, "ordinary", numbers, squares, n);
    free(numbers);
    free(squares);

    numbers = mp_shm_alloc(n * sizeof *numbers);
    squares = mp_shm_alloc(n * sizeof *squares);
    check(numbers);
    check(squares);
    square_all(pool, "shared", numbers, squares, n);
    mp_shm_free(numbers);
    mp_shm_free(squares);
    check(mp_pool_close(pool));
    check(mp_pool_join(pool));
    mp_pool_free(pool);
}

// ## What happens underneath
//
// `MP_ITEMS(array)` computes the count as `sizeof array / sizeof
// *array`. Of a pointer to `long` this makes 1, whatever is there, so
// the compiler refuses `MP_ITEMS(numbers)` here. Among its lines is one
// that says that a static assertion failed, and why.
// `mp_shm_holds()` in `common/memory/arena.c` says whether a list lies
// in shared memory.
//
// ## Try this
//
// - Write `MP_ITEMS(numbers)`. What does the compiler say?
// - Let `n` be 1000000, here and in the Python original. How long does
//   one item take, in nanoseconds?
