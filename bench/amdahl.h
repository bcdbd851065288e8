// amdahl.h - Amdahl's law: if a share f of the work cannot be divided, p make
// it 1 / (f + (1 - f) / p) times as fast.

#ifndef AMDAHL_H
#define AMDAHL_H

#include <stdbool.h>

#include "compare.h"

// Whether this row, whose ratio is a speed-up by row->n, counts for the fit.
bool amdahl_fits(const compare_row *row, int cpus);

// The f that comes closest to these rows, by least squares.
double amdahl_fit(const compare_pair *pair, int cpus);

#endif
