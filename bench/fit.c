#include "platform.h"

#include "fit.h"

#include <math.h>

// A row as a point: 1/n and a ratio.
typedef struct {
    double x, y;
} point;

typedef struct {
    double slope, height;  // the height is that at 1/n = 0
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

// Where it meets 1, as n; NaN where it does not come down to it.
static double meets_one(line fitted)
{
    bool falls = fitted.slope > 0 && fitted.height < 1;
    return falls ? fitted.slope / (1 - fitted.height) : NAN;
}

// Copies the rows that count, with the ratios in `points`; returns how many.
static int rows_in_reach(const compare_pair *pair, compare_row *rows,
                         point *points)
{
    int count = 0;
    bool above = false, below = false;
    for (int i = 0; i < pair->count; i++) {
        const compare_row *row = &pair->rows[i];
        double n = (double)row->n;
        if (!row->measurable || n * FIT_REACH < pair->break_even ||
            n > pair->break_even * FIT_REACH) {
            continue;
        }
        above = above || row->ratio.median >= 1;
        below = below || row->ratio.median < 1;
        points[count] = (point){ 1 / n, row->ratio.median };
        rows[count++] = *row;
    }
    return above && below ? count : 0;
}

static bool contradicted(const compare_pair *pair, double n)
{
    for (int i = 0; i < pair->count; i++) {
        const compare_row *row = &pair->rows[i];
        bool slower = row->measurable && row->ratio.q1 > 1;
        bool faster = row->measurable && row->ratio.q3 < 1;
        if ((slower && (double)row->n >= 1.5 * n) ||
            (faster && (double)row->n * 1.5 <= n)) {
            return true;
        }
    }
    return false;
}

// What the baseline takes for each of n.
static double time_of_one(const compare_row *rows, int count)
{
    double times[COMPARE_SIZES];
    for (int i = 0; i < count; i++) {
        times[i] = rows[i].baseline.median / (double)rows[i].n;
    }
    return stats_of(times, (size_t)count).median;
}

bool fit_break_even(compare_pair *pair)
{
    static compare_row rows[COMPARE_SIZES];
    point points[COMPARE_SIZES];
    int count = rows_in_reach(pair, rows, points);
    if (count < FIT_LEAST) {
        return false;
    }
    line fitted = line_through(points, count);
    double n = meets_one(fitted);
    if (isnan(n) || contradicted(pair, n)) {
        return false;
    }
    pair->break_even = n;
    pair->fit = (compare_fit){
        .sizes = count,
        .start_up = fitted.slope * time_of_one(rows, count),
        .share = fitted.height,
    };
    return true;
}
