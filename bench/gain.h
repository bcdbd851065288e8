// gain.h - how many times as fast p are as one, at the same work.
//
// A fact "gain: alone | processes | processes" asks for it: in the mode
// "processes" n of them share what the mode "alone" does alone, and the third
// word names them. The speed-up is the time of "alone" divided by theirs, in
// the same round, and then the median. These become verdicts:
//
//     Two processes make it 1.93 times as fast; more add nothing
//     Up to 2 CPUs, Amdahl's law comes closest with a serial share of 3.6 %
//
// The first is said of each such fact, the second of the first of them, after
// its own. The number of processes in a verdict is the smallest that no larger
// one beats by more than GAIN_MORE. A speed-up of no more than
// COMPARE_TOLERANCE is none. Where the control of the mode is off (compare.h),
// the sentence gives only the least that the quartiles allow; and it says so
// where a smaller number may be as good, or a larger one better. The control is
// also off where the speed-up is above the number, or above the usable CPUs.
//
// Amdahl's law: if a share f of the work cannot be divided, p make it
// 1 / (f + (1 - f) / p) times as fast. f is fitted by least squares to the
// medians where p is at most the number of usable CPUs: beyond it, the CPUs are
// the limit and not the work.

#ifndef GAIN_H
#define GAIN_H

#include <stdio.h>

#include "raw.h"

#define GAIN_MORE 0.05

// Prints a table for each fact, and writes the verdicts, from this number on;
// and the facts "cpus" and "amdahl", which is f. Returns how many verdicts it
// has written, or -1. Errors: EINVAL when no round has both modes.
int gain_report(const raw_data *data, int number, FILE *file);

// Writes the speed-ups as lines of the summary: the mode is called "gain of
// processes", and the times are numbers without a unit.
int gain_write(const raw_data *data, FILE *file);

#endif
