#include "base/platform.h"

#include "fit.h"

#include <math.h>

// A measurable row: x is 1/n, y the ratio of the fast tenths.
typedef struct {
    double x, y;
    double one;  // what the baseline takes for one of n
} point;

typedef struct {
    double slope, height;  // the height is that at x = 0
} line;

// Theil and Sen: the header says how.
static line line_through(const point *points, int count)
{
    static double values[COMPARE_SIZES * COMPARE_SIZES];
    size_t slopes = 0;
    for (int i = 0; i < count; i++) {
        for (int k = i + 1; k < count; k++) {
            values[slopes++] = (points[k].y - points[i].y) /
                               (points[k].x - points[i].x);
        }
    }
    line found = { .slope = stats_of(values, slopes).median };
    for (int i = 0; i < count; i++) {
        values[i] = points[i].y - found.slope * points[i].x;
    }
    found.height = stats_of(values, (size_t)count).median;
    return found;
}

// All measurable rows, n growing. Returns how many.
static int points_of(const compare_pair *pair, point *points)
{
    int count = 0;
    for (int i = 0; i < pair->count; i++) {
        const compare_row *row = &pair->rows[i];
        double n = (double)row->n;
        if (row->measurable) {
            points[count++] = (point){ 1 / n,
                                       row->mode.tenth / row->baseline.tenth,
                                       row->baseline.tenth / n };
        }
    }
    return count;
}

// The n in the middle between the last two points that have ratio 1 between
// them; 0 where there are none.
static double roughly(const point *points, int count)
{
    int fast = count;
    while (fast > 0 && points[fast - 1].y < 1) {
        fast--;
    }
    if (fast == 0 || fast == count) {
        return 0;
    }
    return 1 / sqrt(points[fast - 1].x * points[fast].x);
}

// Keeps the points in reach of n, in their order. Returns how many.
static int keep_near(point *points, int count, double n)
{
    int kept = 0;
    for (int i = 0; i < count; i++) {
        double distance = fabs(log(points[i].x * n));
        if (distance <= log(FIT_REACH)) {
            points[kept++] = points[i];
        }
    }
    return kept;
}

static double median_time_of_one(const point *points, int count)
{
    double times[COMPARE_SIZES];
    for (int i = 0; i < count; i++) {
        times[i] = points[i].one;
    }
    return stats_of(times, (size_t)count).median;
}

bool fit_break_even(compare_pair *pair)
{
    point points[COMPARE_SIZES];
    int count = points_of(pair, points);
    double rough = roughly(points, count);
    if (rough == 0) {
        return false;
    }
    count = keep_near(points, count, rough);
    if (count < FIT_LEAST) {
        return false;
    }
    line fitted = line_through(points, count);
    if (fitted.slope <= 0 || fitted.height >= 1) {
        return false;
    }
    pair->fit = (compare_fit){
        .sizes = count,
        .n = fitted.slope / (1 - fitted.height),
        .start_up = fitted.slope * median_time_of_one(points, count),
        .share = fitted.height,
    };
    return true;
}

// In three rounds of four.
static bool is_slower(const compare_row *row)
{
    return row->measurable && row->ratio.q1 > 1;
}

static bool is_faster(const compare_row *row)
{
    return row->measurable && row->ratio.q3 < 1;
}

bool fit_contradicted(const compare_pair *pair, double n)
{
    for (int i = 0; i < pair->count; i++) {
        const compare_row *row = &pair->rows[i];
        if ((is_slower(row) && (double)row->n >= 1.5 * n) ||
            (is_faster(row) && (double)row->n * 1.5 <= n)) {
            return true;
        }
    }
    return false;
}

void fit_widen(const compare_pair *pair, double *low, double *high)
{
    for (int i = 0; i < pair->count; i++) {
        const compare_row *row = &pair->rows[i];
        if (is_slower(row)) {
            *high = fmax(*high, (double)row->n);
        }
        if (is_faster(row)) {
            *low = fmin(*low, (double)row->n);
        }
    }
}
