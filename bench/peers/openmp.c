// The OpenMP side of bench/map.c (peer.h): the same function over the same
// numbers, by two threads that take chunks as a pool's workers do. It is a
// program of its own, since threads would disturb what runs beside them, and
// since not every compiler has OpenMP.

#define _GNU_SOURCE

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <omp.h>

#include "square.h"

enum { THREADS = 2, PARTS = 4 * THREADS };

static void map(const squares *all)
{
    const int chunk = (int)((all->n + PARTS - 1) / PARTS);
    int (*volatile chosen)(const void *, void *) = square;
    int (*function)(const void *, void *) = chosen;
#pragma omp parallel for num_threads(THREADS) schedule(dynamic, chunk)
    for (int64_t i = 0; i < all->n; i++) {
        function(&all->items[i], &all->results[i]);
    }
}

static int64_t measure(int64_t n)
{
    static squares all;
    if (all.n != n) {
        all.n = n;
        all.items = realloc(all.items, (size_t)n * sizeof *all.items);
        all.results = realloc(all.results, (size_t)n * sizeof *all.results);
        for (int64_t i = 0; i < n; i++) {
            all.items[i] = i;
        }
        map(&all);
    }
    return squares_mean(map, &all);
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
