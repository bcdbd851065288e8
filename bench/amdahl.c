#include "base/platform.h"

#include "amdahl.h"

#include <math.h>

static double speed_up(double f, double p)
{
    return 1 / (f + (1 - f) / p);
}

bool amdahl_fits(const compare_row *row, int cpus)
{
    return row->measurable && row->n <= cpus;
}

static double squares(const compare_pair *pair, int cpus, double f)
{
    double sum = 0;
    for (int i = 0; i < pair->count; i++) {
        const compare_row *row = &pair->rows[i];
        if (amdahl_fits(row, cpus)) {
            sum += pow(row->ratio.median - speed_up(f, (double)row->n), 2);
        }
    }
    return sum;
}

// Tries 101 values between 0 and 1, then 101 around the best of them, and so
// on: the sum of squares may have more than one valley.
double amdahl_fit(const compare_pair *pair, int cpus)
{
    double low = 0, high = 1, best = 0;
    for (int turn = 0; turn < 5; turn++) {
        double step = (high - low) / 100;
        double from = low;
        best = from;
        for (int i = 1; i <= 100; i++) {
            double f = from + i * step;
            if (squares(pair, cpus, f) < squares(pair, cpus, best)) {
                best = f;
            }
        }
        low = fmax(0, best - step);
        high = fmin(1, best + step);
    }
    return best;
}
