#include "base/platform.h"

#include "chunks.h"

#include <math.h>
#include <string.h>

#include "compare.h"

// ---- from the samples -----------------------------------------------------

// How far a ratio is from 1, as a factor that is no less than 1.
static double distance(double ratio)
{
    if (isnan(ratio)) {
        return 1;
    }
    return ratio < 1 ? 1 / ratio : ratio;
}

// No comparison with a NaN is true: without a control nothing is off.
static bool is_off(double control)
{
    return fabs(control - 1) > COMPARE_TOLERANCE;
}

static chunks_against compare(const raw_data *data, const char *mode, int64_t n,
                              int64_t base)
{
    stats_quartiles ratio = compare_ratio(data, mode, n, mode, base);
    double one = compare_control(data, mode, n);
    double other = compare_control(data, mode, base);
    bool first = isnan(other) || distance(one) > distance(other);
    return (chunks_against){
        .ratio = ratio,
        .control = first ? one : other,
        .doubt = distance(one) * distance(other),
        .off = ratio.count == 0 || is_off(one) || is_off(other),
    };
}

// Distances between chunksizes are factors: 8 is as far from 4 as from 16.
static double apart(int64_t n, int64_t other)
{
    return fabs(log((double)n) - log((double)other));
}

// By the ratios to a base, within the rounds. An n whose control is off has to
// be clearly better than one whose control is not.
static bool is_better(const raw_data *data, const char *mode, int64_t n,
                      int64_t best, int64_t base)
{
    bool off = is_off(compare_control(data, mode, n));
    if (off == is_off(compare_control(data, mode, best))) {
        return compare_ratio(data, mode, n, mode, base).median <
               compare_ratio(data, mode, best, mode, base).median;
    }
    int64_t steady = off ? best : n;
    int64_t disturbed = off ? n : best;
    chunks_against longer = compare(data, mode, steady, disturbed);
    bool clear = longer.ratio.q1 / longer.doubt > 1 + COMPARE_TOLERANCE;
    return off ? clear : !clear;
}

// The smallest n above this one that the mode was measured with, or 0.
static int64_t next_size(const raw_data *data, const char *mode, int64_t n)
{
    int64_t next = 0;
    for (size_t i = 0; i < data->sample_count; i++) {
        const raw_sample *sample = &data->samples[i];
        if (sample->n > n && (next == 0 || sample->n < next) &&
            strcmp(sample->mode, mode) == 0) {
            next = sample->n;
        }
    }
    return next;
}

// Fills in the rest; false where the mode has no samples.
static bool choose(const raw_data *data, chunks_kind *k)
{
    const char *name = k->name;
    k->smallest = k->nearest = next_size(data, name, 0);
    if (k->smallest == 0) {
        return false;
    }
    for (int64_t n = k->smallest; n != 0; n = next_size(data, name, n)) {
        if (apart(n, k->by_default) < apart(k->nearest, k->by_default)) {
            k->nearest = n;
        }
        k->largest = n;
    }
    k->best = k->nearest;
    for (int64_t n = k->smallest; n != 0; n = next_size(data, name, n)) {
        if (n != k->best && is_better(data, name, n, k->best, k->nearest)) {
            k->best = n;
        }
    }
    k->small = compare(data, name, k->smallest, k->nearest);
    k->usual = compare(data, name, k->nearest, k->best);
    k->large = compare(data, name, k->largest, k->nearest);
    return true;
}

int chunks_find(const raw_data *data, chunks_kind kinds[CHUNKS_KINDS])
{
    static compare_pair pair;
    int count = 0;
    while (count < CHUNKS_KINDS &&
           compare_find(data, "default", count, &pair) == 1) {
        chunks_kind *k = &kinds[count];
        snprintf(k->name, sizeof k->name, "%s", pair.mode);
        k->by_default = strtoll(pair.baseline, NULL, 10);
        if (k->by_default < 1 || !choose(data, k)) {
            break;
        }
        count++;
    }
    return count;
}

// ---- the table ------------------------------------------------------------

// Pads by hand: the width of a format would count both bytes of a µ.
static void print_name(const char *name, int width)
{
    for (const char *c = name; *c != '\0'; c++) {
        width -= ((unsigned char)*c & 0xC0) != 0x80;
    }
    printf("%*s%s", width > 0 ? width : 0, "", name);
}

static void print_row(const raw_data *data, const chunks_kind *k, int64_t n,
                      const char *ratio, const char *remark)
{
    stats_quartiles times = compare_times(data, k->name, n);
    double control = compare_control(data, k->name, n);
    print_name(n == k->smallest ? k->name : "", 10);
    printf(" %9lld %5zu ", (long long)n, times.count);
    compare_print_time(times.median, 9);
    if (isnan(control)) {
        printf("      -");
    } else {
        printf("  %.3f", control);
    }
    printf("  %s%s%s\n", ratio, *remark != '\0' ? ", " : "", remark);
}

// "26.1 (25.0 to 27.2) of the default"
static void describe(const chunks_against *a, const char *base, char *text,
                     size_t size)
{
    const stats_quartiles *ratio = &a->ratio;
    if (a->off) {
        snprintf(text, size, "not measurable here");
    } else {
        snprintf(text, size, "%s (%s to %s) of the %s",
                 compare_digits(ratio->median), compare_digits(ratio->q1),
                 compare_digits(ratio->q3), base);
    }
}

// The smallest n, the default, the best and the largest, each once: some of
// them may be the same.
static void print_kind(const raw_data *data, const chunks_kind *k)
{
    char text[128], by_default[32] = "the default";
    if (k->nearest != k->by_default) {
        snprintf(by_default, sizeof by_default, "default: %lld",
                 (long long)k->by_default);
    }
    if (k->nearest != k->smallest) {
        describe(&k->small, "default", text, sizeof text);
        print_row(data, k, k->smallest, text,
                  k->best == k->smallest ? "the best" : "");
    }
    describe(&k->usual, "best", text, sizeof text);
    print_row(data, k, k->nearest,
              k->nearest == k->best ? "the best" : text, by_default);
    if (k->best != k->nearest && k->best != k->smallest &&
        k->best != k->largest) {
        print_row(data, k, k->best, "the best", "");
    }
    if (k->largest != k->nearest && k->largest != k->smallest) {
        describe(&k->large, "default", text, sizeof text);
        print_row(data, k, k->largest, text,
                  k->best == k->largest ? "the best" : "");
    }
}

static void print_table(const raw_data *data, const chunks_kind *kinds,
                        int count)
{
    printf("%10s %9s %5s %9s  %5s  %s\n", "tasks", "chunksize", "runs", "time",
           "A/A", "ratio (quartiles)");
    for (int i = 0; i < count; i++) {
        print_kind(data, &kinds[i]);
    }
}

// ---- the report -----------------------------------------------------------

static void write_kinds(const chunks_kind *kinds, int count, FILE *file)
{
    for (int i = 1; i <= count; i++) {
        const chunks_kind *k = &kinds[i - 1];
        fprintf(file, "# kind_%d: %s\n", i, k->name);
        fprintf(file, "# default_%d: %lld\n", i, (long long)k->by_default);
        fprintf(file, "# nearest_%d: %lld\n", i, (long long)k->nearest);
        fprintf(file, "# best_%d: %lld\n", i, (long long)k->best);
    }
}

int chunks_report(const raw_data *data, int number, FILE *file)
{
    static chunks_kind kinds[CHUNKS_KINDS];
    char texts[CHUNKS_SENTENCES][CHUNKS_LENGTH];
    int count = chunks_find(data, kinds);
    if (count == 0) {
        return 0;
    }
    print_table(data, kinds, count);
    chunks_say(kinds, count, texts);
    int written = 0;
    for (int i = 0; i < CHUNKS_SENTENCES; i++) {
        if (texts[i][0] != '\0') {
            printf("  => %s.\n", texts[i]);
            fprintf(file, "# verdict_%d: %s\n", number + written++, texts[i]);
        }
    }
    printf("\n");
    write_kinds(kinds, count, file);
    return written;
}
