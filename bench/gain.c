#include "base/platform.h"

#include "gain.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "amdahl.h"
#include "compare.h"

// In a pair of ours the baseline is the mode of which there are n, and the mode
// is "alone". So the ratio of a row is the speed-up, and the control that of
// those n.

// No number of processes is faster than their CPUs: where it seems so, whoever
// was alone was disturbed, as much as that is too fast.
static void judge(compare_row *row, int cpus)
{
    double limit = cpus > 0 && cpus < row->n ? cpus : (double)row->n;
    double excess = row->ratio.median / limit;
    if (excess > 1 + COMPARE_TOLERANCE) {
        double control = isnan(row->control) ? 1 : row->control;
        row->measurable = false;
        row->control = fmax(excess, fmax(control, 1 / control));
    }
}

static int find(const raw_data *data, int index, compare_pair *pair)
{
    int found = compare_find(data, "gain", index, pair);
    if (found == 1 && compare_build(data, pair) == -1) {
        return -1;
    }
    int cpus = atoi(raw_value(data, "usable_cpus"));
    for (int i = 0; found == 1 && i < pair->count; i++) {
        judge(&pair->rows[i], cpus);
    }
    return found;
}

// ---- the table ------------------------------------------------------------

static int column_width(const char *name)
{
    int length = (int)strlen(name);
    return length > 9 ? length : 9;
}

static void print_row(const compare_pair *pair, const compare_row *row)
{
    printf("%12lld %5zu  ", (long long)row->n, row->ratio.count);
    compare_print_time(row->mode.median, column_width(pair->mode));
    printf("  ");
    compare_print_time(row->baseline.median, column_width(pair->baseline));
    if (isnan(row->control)) {
        printf("      -");
    } else {
        printf("  %.3f", row->control);
    }
    printf("  %s (%s to %s)%s\n", compare_digits(row->ratio.median),
           compare_digits(row->ratio.q1), compare_digits(row->ratio.q3),
           row->measurable ? "" : ", not measurable here");
}

static void print_table(const compare_pair *pair, const char *verdict)
{
    printf("%12s %5s  %*s  %*s  %5s  %s\n", "n", "runs",
           column_width(pair->mode), pair->mode, column_width(pair->baseline),
           pair->baseline, "A/A", "times as fast (quartiles)");
    for (int i = 0; i < pair->count; i++) {
        print_row(pair, &pair->rows[i]);
    }
    printf("  => %s.\n", verdict);
}

// ---- what the rows say ----------------------------------------------------

// How far off 1 the control is, as a factor.
static double off(const compare_row *row)
{
    return row->measurable ? 1 : fmax(row->control, 1 / row->control);
}

// What the speed-up is at least, and at most. Where the row is not measurable,
// that is as much as the quartiles allow, if they are off as the control is.
static double least(const compare_row *row)
{
    return row->measurable ? row->ratio.median : row->ratio.q1 / off(row);
}

static double most(const compare_row *row)
{
    return row->measurable ? row->ratio.median : row->ratio.q3 * off(row);
}

static bool is_clear(const compare_row *row)
{
    return row->n > 1 && least(row) > 1 + COMPARE_TOLERANCE;
}

// The smallest number with a clear speed-up that no larger one with a clear
// speed-up beats; NULL: none has one. It is searched from the end.
static const compare_row *best_row(const compare_pair *pair)
{
    const compare_row *best = NULL;
    double highest = 0;
    for (int i = pair->count - 1; i >= 0; i--) {
        const compare_row *row = &pair->rows[i];
        if (!is_clear(row)) {
            continue;
        }
        if (highest <= least(row) * (1 + GAIN_MORE)) {
            best = row;
        }
        highest = fmax(highest, least(row));
    }
    return best;
}

// What is to be said of the other numbers: above all whether a smaller one may
// be as good.
static const char *words_for_others(const compare_pair *pair,
                                    const compare_row *best)
{
    int larger = 0, no_better = 0;
    bool fewer = false;
    for (int i = 0; i < pair->count; i++) {
        const compare_row *row = &pair->rows[i];
        if (row->n > best->n) {
            larger++;
            no_better += most(row) <= least(best) * (1 + GAIN_MORE);
        } else if (row->n > 1 && row->n < best->n) {
            fewer = fewer || most(row) * (1 + GAIN_MORE) >= least(best);
        }
    }
    return fewer                 ? "fewer are not measurable here"
           : larger == 0         ? "more were not measured"
           : no_better == larger ? "more add nothing"
           : no_better > 0       ? "more add nothing measurable"
                                 : "more are not measurable here";
}

// ---- the sentences --------------------------------------------------------

// "Two", "16".
static const char *number_word(int64_t n)
{
    static char digits[32];
    static const char *const words[] = {
        "No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight",
        "Nine", "Ten", "Eleven", "Twelve",
    };
    if (n >= 0 && n < (int64_t)(sizeof words / sizeof words[0])) {
        return words[n];
    }
    snprintf(digits, sizeof digits, "%lld", (long long)n);
    return digits;
}

// No row has a clear speed-up.
static void say_none(const compare_pair *pair, const char *conditions,
                     char *text, size_t size)
{
    const compare_row *last = &pair->rows[pair->count - 1];
    const compare_row *disturbed = NULL;
    bool all = true, any = false;
    for (int i = 0; i < pair->count; i++) {
        const compare_row *row = &pair->rows[i];
        if (row->n > 1) {
            bool none = most(row) <= 1 + COMPARE_TOLERANCE;
            disturbed = row->measurable ? disturbed : row;
            all = all && none;
            any = any || none;
        }
    }
    if (last->n == 1) {
        snprintf(text, size, "More than one of the %s were not measured",
                 pair->wins);
    } else if (!any) {
        snprintf(text, size, "The speed-up by %s is not measurable here "
                             "(A/A %.3f)", pair->wins, disturbed->control);
    } else {
        snprintf(text, size, "Up to %lld %s, no number of them makes it "
                             "%sfaster (%s)", (long long)last->n, pair->wins,
                 all ? "" : "measurably ", conditions);
    }
}

static void say(const raw_data *data, const compare_pair *pair, char *text,
                size_t size)
{
    char conditions[96];
    snprintf(conditions, sizeof conditions, "usable CPUs: %s, load before: %s",
             raw_value(data, "usable_cpus"), raw_value(data, "load_before"));
    const compare_row *best = best_row(pair);
    if (best == NULL) {
        say_none(pair, conditions, text, size);
        return;
    }
    snprintf(text, size, "%s %s make it %s%s times as fast; %s",
             number_word(best->n), pair->wins,
             best->measurable ? "" : "at least ", compare_digits(least(best)),
             words_for_others(pair, best));
}

// ---- Amdahl's law ---------------------------------------------------------

// It takes two points; that of one process alone says nothing on f, which is
// why one usable CPU is not enough.
static void say_fit(const compare_pair *pair, int cpus, char *text,
                    size_t size, FILE *file)
{
    int points = 0;
    for (int i = 0; i < pair->count; i++) {
        points += amdahl_fits(&pair->rows[i], cpus) ? 1 : 0;
    }
    if (cpus == 1) {
        snprintf(text, size, "With one usable CPU there is nothing to fit "
                             "Amdahl's law to");
    } else if (points < 2) {
        snprintf(text, size, "Amdahl's law is not fitted: it takes two "
                             "measurable points up to the usable CPUs");
    } else {
        double f = amdahl_fit(pair, cpus);
        snprintf(text, size, "Up to %d CPUs, Amdahl's law comes closest with "
                             "a serial share of %.1f %%", cpus, 100 * f);
        fprintf(file, "# amdahl: %.6f\n", f);
    }
}

// ---- all of it ------------------------------------------------------------

int gain_report(const raw_data *data, int number, FILE *file)
{
    static compare_pair pair;
    char text[256];
    int found, written = 0;
    int cpus = atoi(raw_value(data, "usable_cpus"));
    for (int i = 0; (found = find(data, i, &pair)) == 1; i++) {
        say(data, &pair, text, sizeof text);
        print_table(&pair, text);
        fprintf(file, "# verdict_%d: %s\n", number + written++, text);
        if (i == 0) {
            say_fit(&pair, cpus, text, sizeof text, file);
            printf("  => %s.\n", text);
            fprintf(file, "# verdict_%d: %s\n# cpus: %d\n", number + written++,
                    text, cpus);
        }
        printf("\n");
    }
    return found == -1 ? -1 : written;
}

int gain_write(const raw_data *data, FILE *file)
{
    static compare_pair pair;
    int found;
    for (int i = 0; (found = find(data, i, &pair)) == 1; i++) {
        for (int j = 0; j < pair.count; j++) {
            const compare_row *row = &pair.rows[j];
            fprintf(file, "gain of %s\t%lld\t%zu\t%.4f\t%.4f\t%.4f\n",
                    pair.baseline, (long long)row->n, row->ratio.count,
                    row->ratio.q1, row->ratio.median, row->ratio.q3);
        }
    }
    return found;
}
