// # Each child fills its part
//
// Four children test the numbers from 1 to n, a quarter each, and write
// into one array which of them are prime. The parent reads the array as
// if it had written it itself: no result is sent back and none is
// copied. Watch how many primes each quarter has, and how long the
// parent waited for all four, which is measured and varies.
//
// The Python original is the same with `Array('b', n, lock=False)`,
// Python's other name for `RawArray`. With its lock, Python's `Array`
// would take the lock once for each element.

#include "lesson.h"

enum { PARTS = 4 };

struct find_args {
    bool *prime;  // prime[i] is about the number i + 1
    int begin, end;
};

static bool is_prime(int number)
{
    for (int i = 2; (long)i * i <= number; i++) {
        if (number % i == 0) {
            return false;
        }
    }
    return number > 1;
}

// No two children write to the same element, so none has to wait for
// another: this array needs no lock.
static int find_primes(void *args)
{
    const struct find_args *given = args;
    for (int i = given->begin; i < given->end; i++) {
        given->prime[i] = is_prime(i + 1);
    }
    return 0;
}

// Where part number i begins. Part i ends where part i + 1 begins.
static int bound(int n, int i)
{
    return (int)((long long)n * i / PARTS);
}

static void find_in_parts(bool *prime, int n)
{
    mp_process p[PARTS];
    for (int i = 0; i < PARTS; i++) {
        struct find_args args = { prime, bound(n, i), bound(n, i + 1) };
        check(mp_process_init(&p[i], .target = find_primes,
                              MP_ARGS(args)));
        check(mp_process_start(&p[i]));
    }
    for (int i = 0; i < PARTS; i++) {
        check(mp_process_join(&p[i], MP_FOREVER));
        check(mp_process_close(&p[i]));
    }
}

int main(int argc, char **argv)
{
    double n = 1000000;
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[n]", &n, 1);

    bool *prime = mp_array(bool, (size_t)n);
    check(prime);
    double start = mp_clock_now();
    find_in_parts(prime, (int)n);
    double took = mp_clock_now() - start;
    for (int i = 0; i < PARTS; i++) {
        int count = 0;
        for (int j = bound((int)n, i); j < bound((int)n, i + 1); j++) {
            count += prime[j];
        }
        printf("part %d: %d primes\n", i, count);
    }
    printf("the children took %.3f s\n", took);
    mp_shm_free(prime);
}

// ## What happens underneath
//
// The kernel gives the array its memory page by page, when a process
// writes to a page for the first time. It keeps no lock and no list of
// who may write where. Only your program knows which part is whose.
//
// A CPU fetches memory in lines, often of 64 bytes, and two CPUs cannot
// write to one line at the same time. Each takes the line away from the
// other, which costs more than the write itself. Here two neighbouring
// parts meet in one line at most. Two arrays never meet in one, because
// `mp_shm_alloc()` in `common/memory/shm.c` gives memory that begins a
// line of its own.
//
// ## Try this
//
// - The last quarter takes longer than the first, because its numbers
//   are larger. Let child i test the numbers i + 1, i + 5, i + 9 ..
//   instead. Now all children write to the same lines, and two of them
//   test even numbers only. Does it take less time, or more?
// - Send each child's count back, too: by an `mp_array(int, PARTS)`.
// - Let a pool do it (lesson 13): `mp_pool_map` with items in shared
//   memory copies nothing either. Which of the two is faster?
