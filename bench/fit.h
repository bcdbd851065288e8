// fit.h - the break-even from all sizes around it, and not from two of them.
//
//     if (fit_break_even(&pair)) {
//         .. pair.fit ..
//     }
//
// The baseline takes t for each of n. Who starts processes pays for that once,
// say c, and then takes a share s of the baseline's time, so that the ratio is
//
//     (c + s t n) / (t n) = s + (c / t) / n
//
// which is a straight line over 1/n. It meets ratio 1 at n = (c / t) / (1 - s).
//
// Near the break-even a process lives for a millisecond, and where the kernel
// puts it, or what else wants a CPU just then, decides more than anything else.
// All that only makes it take longer. So the times are those of the fastest
// tenth of the rounds (stats.h), and the line is laid through the ratios of all
// sizes that are at most FIT_REACH times smaller or larger than where these
// cross 1, after Theil and Sen: its slope is the median of the slopes between
// each two of them, its height the median of what is left. A few sizes that are
// off do not move it.

#ifndef FIT_H
#define FIT_H

#include <stdbool.h>

#include "compare.h"

enum { FIT_REACH = 8, FIT_LEAST = 4 };

// Of a pair with rows: fills in `fit`. Returns false where fewer than FIT_LEAST
// measurable sizes are in reach, or where the line does not meet 1.
bool fit_break_even(compare_pair *pair);

// Whether what was seen at some size speaks against this n: the mode was slower
// in three rounds of four at 1.5 times that n or above, or faster at as much
// below.
bool fit_contradicted(const compare_pair *pair, double n);

// Widens a range of n, down to where the mode was faster, in three rounds of
// four, and up to where it was slower.
void fit_widen(const compare_pair *pair, double *low, double *high);

#endif
