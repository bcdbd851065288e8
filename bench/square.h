// square.h - the task of apply, and the map of map, of ours and of what it is
// held against. All call the task through a pointer that the compiler cannot
// see through.

#ifndef SQUARE_H
#define SQUARE_H

#include <stdint.h>
#include <time.h>

static inline int square(const void *arg, void *result)
{
    const int64_t *number = arg;
    int64_t *its_square = result;
    *its_square = *number * *number;
    return 0;
}

// n items, and room for their results.
typedef struct {
    int64_t n;
    int64_t *items, *results;
} squares;

// The mean of one map, in nanoseconds; -1 if a result is wrong. A short map is
// repeated, or a sample would be one wake-up, lucky or not.
static inline int64_t squares_mean(void (*map)(const squares *),
                                   const squares *all)
{
    int64_t times = all->n < 1000000 ? 1 + 1000000 / all->n : 1;
    struct timespec begin, end;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    for (int64_t i = 0; i < times; i++) {
        map(all);
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    for (int64_t i = 0; i < all->n; i++) {
        if (all->results[i] != i * i) {
            return -1;
        }
    }
    int64_t seconds = end.tv_sec - begin.tv_sec;
    return (seconds * 1000000000 + end.tv_nsec - begin.tv_nsec) / times;
}

#endif
