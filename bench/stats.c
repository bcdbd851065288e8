#include "stats.h"

#include <math.h>
#include <stdlib.h>

static int by_value(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

static double quantile(const double *sorted, size_t count, double p)
{
    double place = (double)(count - 1) * p;
    size_t below = (size_t)place;
    size_t above = below + 1 < count ? below + 1 : below;
    double share = place - (double)below;
    return sorted[below] + share * (sorted[above] - sorted[below]);
}

stats_quartiles stats_of(double *values, size_t count)
{
    if (count == 0) {
        return (stats_quartiles){ 0, NAN, NAN, NAN, NAN };
    }
    qsort(values, count, sizeof *values, by_value);
    return (stats_quartiles){
        .count = count,
        .tenth = quantile(values, count, 0.1),
        .q1 = quantile(values, count, 0.25),
        .median = quantile(values, count, 0.5),
        .q3 = quantile(values, count, 0.75),
    };
}
