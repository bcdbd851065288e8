// The OpenMP side of bench/map.c, a peer (peer.h): the same function over the
// same numbers, by two threads that take chunks as a pool's workers do. It is a
// program of its own, since its threads would disturb what runs beside it, and
// because not every compiler has OpenMP. Called with an argument, it only says
// whether it works.
//
// "warm N" and "untouched N" are answered with the nanoseconds of one map.

#define _GNU_SOURCE

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include <omp.h>

#include "square.h"

enum { THREADS = 2, PARTS = 4 * THREADS };

// Called through a pointer that the compiler cannot see through, as the pool
// calls it.
static int (*volatile chosen)(const void *arg, void *result) = square;

static struct {
    int64_t n;  // 0: there are none
    int64_t *items, *results;
} arrays;

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static int64_t *new_array(int64_t n)
{
    void *memory = mmap(NULL, (size_t)n * sizeof(int64_t),
                        PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                        -1, 0);
    if (memory == MAP_FAILED) {
        perror("openmp");
        exit(1);
    }
    return memory;
}

static void drop_arrays(void)
{
    if (arrays.n > 0) {
        munmap(arrays.items, (size_t)arrays.n * sizeof *arrays.items);
        munmap(arrays.results, (size_t)arrays.n * sizeof *arrays.results);
    }
    arrays.n = 0;
}

// The items are written by the first thread; nobody has touched the results.
static void make_arrays(int64_t n)
{
    drop_arrays();
    arrays.items = new_array(n);
    arrays.results = new_array(n);
    arrays.n = n;
    for (int64_t i = 0; i < n; i++) {
        arrays.items[i] = i;
    }
}

static int64_t map(void)
{
    const int64_t n = arrays.n;
    const int chunk = (int)((n + PARTS - 1) / PARTS);
    int (*function)(const void *, void *) = chosen;
    const int64_t *items = arrays.items;
    int64_t *results = arrays.results;
    int failed = 0;
    int64_t begin = now();
#pragma omp parallel for num_threads(THREADS) schedule(dynamic, chunk) \
    reduction(|| : failed)
    for (int64_t i = 0; i < n; i++) {
        failed = failed || function(&items[i], &results[i]) != 0;
    }
    int64_t took = now() - begin;
    for (int64_t i = 0; i < n; i++) {
        failed = failed || results[i] != i * i;
    }
    if (failed) {
        fprintf(stderr, "openmp: a square came out wrong\n");
        exit(1);
    }
    return took;
}

// Short maps are repeated, as in bench/map.c.
static int64_t measure(const char *word, int64_t n)
{
    bool warm = strcmp(word, "warm") == 0;
    int64_t times = n < 1000000 ? 1 + 1000000 / n : 1;
    int64_t took = 0;
    if (warm && arrays.n != n) {
        make_arrays(n);
        map();
    }
    for (int64_t i = 0; i < times; i++) {
        if (!warm) {
            make_arrays(n);
        }
        took += map();
    }
    return took / times;
}

// Two threads, and no square is wrong.
static int try(void)
{
    int threads = 0;
#pragma omp parallel num_threads(THREADS) reduction(+ : threads)
    threads = omp_get_num_threads() == THREADS;
    return threads == THREADS && measure("warm", 1000) > 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) {
        return try();
    }
    printf("OpenMP %d\n", _OPENMP);
    fflush(stdout);
    char word[16];
    int64_t n;
    while (scanf("%15s %" SCNd64, word, &n) == 2) {
        printf("%" PRId64 "\n", measure(word, n));
        fflush(stdout);
    }
    return 0;
}
