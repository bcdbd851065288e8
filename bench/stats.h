// stats.h - the median and the quartiles of a few numbers.
//
//     double values[] = { 3, 1, 2 };
//     stats_quartiles q = stats_of(values, 3);   // q.median is 2
//
// With a few runs on a machine that does other things too, the median says more
// than the mean: one run that was held up does not move it. The quartiles hold
// the middle half of the runs between them. The fastest tenth is what it takes
// when nothing comes in between.

#ifndef STATS_H
#define STATS_H

#include <stddef.h>

typedef struct {
    size_t count;
    double tenth;  // the quantile 0.1
    double q1;
    double median;
    double q3;
} stats_quartiles;

// Sorts `values`. The quantile p of m sorted values is the one at place
// (m - 1) * p, counted from 0; between two places it is interpolated linearly.
// This is type 7 of Hyndman and Fan, "Sample Quantiles in Statistical
// Packages" (1996), the default of R and NumPy. All NaN when there are none.
stats_quartiles stats_of(double *values, size_t count);

#endif
