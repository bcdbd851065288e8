// The verdict: what the rows of a comparison say in one sentence (compare.h).

#include "compare.h"

#include "fit.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void say(compare_pair *pair, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void say(compare_pair *pair, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    vsnprintf(pair->verdict, sizeof pair->verdict, format, values);
    va_end(values);
}

// ---- numbers for people ---------------------------------------------------

const char *compare_digits(double number)
{
    static char texts[4][32];
    static int turn;
    char *text = texts[turn++ % 4];
    int decimals = number < 0.00995  ? 4
                   : number < 0.0995 ? 3
                   : number < 9.995  ? 2
                   : number < 99.95  ? 1
                                     : 0;
    snprintf(text, sizeof texts[0], "%.*f", decimals, number);
    return text;
}

// Brings nanoseconds below 1000 and returns the unit that they are in then.
static const char *unit_of(double *ns)
{
    static const char *const units[] = { "ns", "µs", "ms", "s" };
    int unit = 0;
    while (unit < 3 && *ns >= 999.5) {
        *ns /= 1000;
        unit++;
    }
    return units[unit];
}

// The number is padded: padding the text would count the bytes of a µ.
void compare_print_time(double ns, int width)
{
    const char *unit = unit_of(&ns);
    printf("%*s %s%s", width - 3, compare_digits(ns), unit,
           strcmp(unit, "s") == 0 ? " " : "");
}

const char *compare_time(double ns)
{
    static char texts[4][48];
    static int turn;
    char *text = texts[turn++ % 4];
    const char *unit = unit_of(&ns);
    snprintf(text, sizeof texts[0], "%s %s", compare_digits(ns), unit);
    return text;
}

// Two significant digits: the place where two noisy curves meet is not known
// better than that.
const char *compare_size(double n)
{
    static char texts[4][32];
    static int turn;
    static const struct {
        double size;
        const char *word;
    } units[] = { { 1e9, " billion" }, { 1e6, " million" },
                  { 1e3, " thousand" }, { 1, "" } };
    double step = pow(10, floor(log10(n)) - 1);
    double rounded = round(n / step) * step;
    int unit = 0;
    while (unit < 3 && rounded < units[unit].size * 0.999) {
        unit++;
    }
    // "3000" and not "3 thousand".
    unit = rounded < 9999 ? 3 : unit;
    double value = rounded / units[unit].size;
    char *text = texts[turn++ % 4];
    snprintf(text, sizeof texts[0], "%.*f%s",
             value < 9.95 && fabs(value - round(value)) > 0.01 ? 1 : 0, value,
             units[unit].word);
    return text;
}

// Beginning with 1024 MiB, memory is counted in GiB. A whole number was chosen,
// and is given as it is; others are rounded as compare_size does.
const char *compare_amount(double n, const char *unit)
{
    static char texts[4][48];
    static int turn;
    char *text = texts[turn++ % 4];
    if (strcmp(unit, "MiB") == 0 && n >= 1024) {
        double gib = n / 1024;
        snprintf(text, sizeof texts[0], "%.*f GiB",
                 gib < 9.95 && fabs(gib - round(gib)) > 0.05 ? 1 : 0, gib);
        return text;
    }
    if (*unit == '\0') {
        return compare_size(n);
    }
    bool whole = fabs(n - round(n)) < 1e-9 && n < 1e4;
    char number[32];
    snprintf(number, sizeof number, "%.0f", n);
    snprintf(text, sizeof texts[0], "%s %s", whole ? number : compare_size(n),
             unit);
    return text;
}

// ---- the break-even -------------------------------------------------------

// Where a straight line through two rows meets ratio 1, on logarithmic scales
// both ways: a factor is a distance there, in n as well as in the ratio.
static double crossing(const compare_row *slow, const compare_row *fast)
{
    double above = log(slow->ratio.median);
    double below = log(fast->ratio.median);
    double share = above / (above - below);
    double from = log((double)slow->n);
    return exp(from + share * (log((double)fast->n) - from));
}

// The first row from `from` on downwards whose side is known; -1: none.
static int known_row(const compare_pair *pair, int from)
{
    while (from >= 0 && pair->rows[from].side == 0) {
        from--;
    }
    return from;
}

// ---- the sentences --------------------------------------------------------

static const char *amount(const compare_pair *pair, double n)
{
    return compare_amount(n, pair->unit);
}

static void judge_ratio(compare_pair *pair)
{
    const compare_row *row = &pair->rows[pair->count - 1];
    if (!row->measurable) {
        say(pair, "%s against %s: not measurable here (A/A %.3f)", pair->mode,
            pair->baseline, row->control);
        return;
    }
    say(pair, "%s takes %s times as long as %s", pair->mode,
        compare_digits(row->ratio.median), pair->baseline);
}

// The last row is slower, or as slow. That the mode wins somewhere is said only
// where three quarters of the rounds say so.
static void judge_never(compare_pair *pair, int last, const char *conditions)
{
    bool anywhere = false;
    for (int i = 0; i < last; i++) {
        const compare_row *row = &pair->rows[i];
        anywhere = anywhere || (row->side < 0 && row->ratio.q3 < 1);
    }
    const char *largest = amount(pair, (double)pair->rows[last].n);
    if (anywhere) {
        say(pair, "%s at some n, but not at the largest, %s (%s)",
            pair->wins, largest, conditions);
    } else {
        say(pair, "%s at no n up to %s (%s)", pair->wins, largest, conditions);
    }
}

static void say_between(compare_pair *pair, double from, double to)
{
    snprintf(pair->from, sizeof pair->from, "an n between %s and %s",
             amount(pair, from), amount(pair, to));
}

// Row `slow` is slower, and all behind it are faster, `fast` first of all. In
// words the place between them is given only if both are measurable, and no row
// between them is left out.
static void interpolate(compare_pair *pair, int slow, int fast)
{
    const compare_row *above = &pair->rows[slow];
    const compare_row *below = &pair->rows[fast];
    pair->break_even = crossing(above, below);
    if (fast == slow + 1 && above->measurable && below->measurable) {
        snprintf(pair->from, sizeof pair->from, "n = %s",
                 amount(pair, pair->break_even));
    } else {
        say_between(pair, (double)above->n, (double)below->n);
    }
}

// A fit goes before that. Where what was seen speaks against it, only a range
// is known: from where the mode was clearly faster to where it was clearly
// slower.
static void judge_crossing(compare_pair *pair, int slow, int fast)
{
    interpolate(pair, slow, fast);
    double low = pair->break_even, high = low;
    bool fitted = pair->starts && fit_break_even(pair);
    double n = fitted ? pair->fit.n : low;
    if (pair->starts && fit_contradicted(pair, n)) {
        low = fmin(n, low);
        high = fmax(n, high);
        fit_widen(pair, &low, &high);
        say_between(pair, low, high);
        pair->fit.sizes = 0;
    } else if (fitted) {
        pair->break_even = n;
        snprintf(pair->from, sizeof pair->from, "n = %s", amount(pair, n));
    }
    say(pair, "%s from %s", pair->wins, pair->from);
}

void compare_judge(compare_pair *pair, const char *conditions)
{
    if (pair->wins[0] == '\0') {
        judge_ratio(pair);
        return;
    }
    int last = known_row(pair, pair->count - 1);
    if (last == -1) {
        say(pair, "%s: not measurable here, at any n", pair->wins);
        return;
    }
    // From the largest n down to the first row that is not faster.
    int fast = last;
    int slow = last;
    while (slow != -1 && pair->rows[slow].side < 0) {
        fast = slow;
        slow = known_row(pair, slow - 1);
    }
    if (slow == last) {
        judge_never(pair, last, conditions);
    } else if (slow == -1) {
        say(pair, "%s at every n from %s on", pair->wins,
            amount(pair, (double)pair->rows[fast].n));
    } else {
        judge_crossing(pair, slow, fast);
    }
}
