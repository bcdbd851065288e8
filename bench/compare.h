// compare.h - one mode against its baseline, from the raw samples.
//
//     compare_pair pair;
//     compare_find(&data, "compare", 0, &pair);  // the first "compare" fact
//     compare_build(&data, &pair);
//     puts(pair.verdict);  // "Three processes win from n = .."
//
// Ratios are paired: the mode's time divided by the baseline's time in the same
// round, and then the median of these. What slowed a whole round down thus
// leaves the ratio alone.
//
// A control is the baseline measured a second time. Its ratio ought to be 1.
// Where its median is off by more than COMPARE_TOLERANCE, the machine was too
// restless: that size is "not measurable here", and its ratio is not used. But
// it may still be clear which of the two was faster: if the middle half of the
// ratios lies on one side of 1, and farther from 1 than the control does.

#ifndef COMPARE_H
#define COMPARE_H

#include <stdbool.h>

#include "raw.h"
#include "stats.h"

#define COMPARE_TOLERANCE 0.02
enum { COMPARE_SIZES = 64 };

typedef struct {
    int64_t n;
    stats_quartiles baseline;  // nanoseconds
    stats_quartiles mode;      // nanoseconds
    stats_quartiles ratio;     // mode / baseline, paired by round
    double control;            // the control's ratio, its median; NaN: none
    bool measurable;
    int side;                  // 1: the mode is slower, or as slow; -1: faster;
                               // 0: that cannot be told
} compare_row;

// What a mode pays for once, and what it takes from then on (fit.h).
typedef struct {
    int sizes;        // that it rests on; 0: there is no fit
    double n;         // the break-even
    double start_up;  // nanoseconds
    double share;     // of the baseline's time
} compare_fit;

typedef struct {
    char mode[64];
    char baseline[64];
    char wins[96];             // "Three processes win"; "" for a plain ratio
    char unit[16];             // of n; "" for a plain number
    bool starts;               // a break-even may be fitted
    compare_row rows[COMPARE_SIZES];
    int count;
    int disturbed;             // rows that are not measurable
    double break_even;         // the n where the ratio crosses 1; NaN: nowhere
    compare_fit fit;
    char from[96];             // what can be said of it: "n = 1.2 million", or
                               // "an n between 1 million and 3 million"
    char verdict[256];         // one sentence without its full stop
} compare_pair;

// The quartiles of a mode's times at size n, in nanoseconds.
stats_quartiles compare_times(const raw_data *data, const char *mode,
                              int64_t n);

// The quartiles of the ratios of a mode at size n to a baseline, or to itself,
// at size base_n, paired by round.
stats_quartiles compare_ratio(const raw_data *data, const char *mode, int64_t n,
                              const char *baseline, int64_t base_n);

// The ratio of a mode's control to it at size n, its median; NaN: none.
double compare_control(const raw_data *data, const char *mode, int64_t n);

// The pair that the fact number `index` among those called `key` ("compare" or
// "control") names. Returns 1, 0 when there are no more, or -1.
int compare_find(const raw_data *data, const char *key, int index,
                 compare_pair *pair);

// Fills in rows and verdict. Errors: EINVAL when no round has both.
int compare_build(const raw_data *data, compare_pair *pair);

// Of a pair with rows: fills in break_even and verdict. `conditions` is what
// must be said where the mode never wins: a machine that is busy, or has one
// CPU, lets no number of processes win, and no control can show that.
void compare_judge(compare_pair *pair, const char *conditions);

// Three significant digits, as in "1.36", "13.7" and "1370", fewer
// below 1: "0.14", "0.0043". Like compare_size.
const char *compare_digits(double number);

// Prints a time with three digits and its unit: "  1.36 ms". The width is that
// of the whole.
void compare_print_time(double ns, int width);

// The same as a text, "1.36 ms". Static memory, as with compare_size.
const char *compare_time(double ns);

// A size in words: "300", "81 thousand", "1.2 million". Static memory, four
// results are valid at a time.
const char *compare_size(double n);

// A size with its unit: "81 MiB", "1.5 GiB". Without a unit, compare_size.
const char *compare_amount(double n, const char *unit);

// The unit of n in that file; "" where it is a plain number.
const char *compare_unit(const raw_data *data);

#endif
