// fit.h - the break-even from all sizes around it, and not from two of them.
//
//     pair.break_even = ..;      // where the medians cross, roughly
//     if (fit_break_even(&pair)) {
//         .. pair.fit ..
//     }
//
// The baseline takes t for each of n. Who starts processes pays for that once,
// say c, and then takes a share s of the baseline's time, so that the ratio is
//
//     (c + s t n) / (t n) = s + (c / t) / n
//
// which is a straight line over 1/n. Near the break-even one size alone may
// mislead: where the kernel puts a child that lives for a millisecond differs
// from run to run. So the line is laid through the median ratios of all sizes
// within a factor FIT_REACH of the rough break-even, after Theil and Sen: its
// slope is the median of the slopes between each two of them, its height the
// median of what is left. A few sizes that are off do not move it. It meets
// ratio 1 at n = (c / t) / (1 - s).

#ifndef FIT_H
#define FIT_H

#include <stdbool.h>

#include "compare.h"

enum { FIT_REACH = 8, FIT_LEAST = 4 };

// Of a pair with rows and a break-even: puts the fitted one in its place and
// fills in `fit`. Changes nothing and returns false where fewer than FIT_LEAST
// measurable sizes are in reach, where they do not lie on both sides of 1, or
// where the result would contradict what was seen at any size: that a factor of
// 1.5 or more above it the mode was slower in three rounds of four, or as far
// below it faster.
bool fit_break_even(compare_pair *pair);

#endif
