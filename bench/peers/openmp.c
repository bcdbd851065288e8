// The OpenMP side of bench/map.c (peer.h): the same function over the same
// numbers, by two threads that take chunks as a pool's workers do. It is a
// program of its own, since threads would disturb what runs beside them, and
// since not every compiler has OpenMP.

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <omp.h>

#include "square.h"

enum { THREADS = 2, PARTS = 4 * THREADS };

static void map(int64_t n, const int64_t *items, int64_t *results)
{
    const int chunk = (int)((n + PARTS - 1) / PARTS);
    // Called through a pointer that the compiler cannot see through.
    int (*volatile chosen)(const void *, void *) = square;
    int (*function)(const void *, void *) = chosen;
#pragma omp parallel for num_threads(THREADS) schedule(dynamic, chunk)
    for (int64_t i = 0; i < n; i++) {
        function(&items[i], &results[i]);
    }
}

// The mean of one map; short ones are repeated, as in bench/map.c.
static int64_t measure(int64_t n)
{
    static int64_t *items, *results, made;
    if (made != n) {
        items = realloc(items, (size_t)n * sizeof *items);
        results = realloc(results, (size_t)n * sizeof *results);
        for (int64_t i = 0; i < n; i++) {
            items[i] = i;
        }
        made = n;
        map(n, items, results);
    }
    int64_t times = n < 1000000 ? 1 + 1000000 / n : 1;
    double begin = omp_get_wtime();
    for (int64_t i = 0; i < times; i++) {
        map(n, items, results);
    }
    double took = (omp_get_wtime() - begin) * 1e9;
    for (int64_t i = 0; i < n; i++) {
        if (results[i] != i * i) {
            fprintf(stderr, "openmp: a square came out wrong\n");
            exit(1);
        }
    }
    return (int64_t)took / times;
}

int main(void)
{
    printf("OpenMP %d\n", _OPENMP);
    fflush(stdout);
    int64_t n;
    while (scanf(" map %" SCNd64, &n) == 1) {
        printf("%" PRId64 "\n", measure(n));
        fflush(stdout);
    }
    return 0;
}
