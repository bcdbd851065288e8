// From raw samples to what people read: `summary RAW.tsv SUMMARY.tsv` prints
// the tables and the verdicts, and writes the file that the pictures are drawn
// from: facts for the captions, then a line for each mode and size.

#include "base/platform.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "chunks.h"
#include "compare.h"
#include "base/error.h"
#include "gain.h"
#include "growth.h"

// ---- the tables -----------------------------------------------------------

static int column_width(const char *name)
{
    int length = (int)strlen(name);
    return length > 9 ? length : 9;
}

static void print_row(const compare_pair *pair, const compare_row *row)
{
    printf("%12lld %5zu  ", (long long)row->n, row->ratio.count);
    compare_print_time(row->baseline.median, column_width(pair->baseline));
    printf("  ");
    compare_print_time(row->mode.median, column_width(pair->mode));
    if (isnan(row->control)) {
        printf("      -");
    } else {
        printf("  %.3f", row->control);
    }
    if (row->measurable) {
        printf("  %s (%s to %s)\n", compare_digits(row->ratio.median),
               compare_digits(row->ratio.q1), compare_digits(row->ratio.q3));
    } else {
        printf("  not measurable here%s\n", row->side > 0   ? ", but slower"
                                            : row->side < 0 ? ", but faster"
                                                            : "");
    }
}

static void print_table(const compare_pair *pair)
{
    printf("%12s %5s  %*s  %*s  %5s  %s\n",
           *pair->unit != '\0' ? pair->unit : "n", "runs",
           column_width(pair->baseline), pair->baseline,
           column_width(pair->mode), pair->mode, "A/A",
           "ratio (quartiles)");
    for (int i = 0; i < pair->count; i++) {
        print_row(pair, &pair->rows[i]);
    }
    printf("  => %s.\n", pair->verdict);
    if (pair->fit.sizes > 0) {
        printf("     Fitted over %d sizes: the start costs %s, and then it "
               "takes %s of the time.\n", pair->fit.sizes,
               compare_time(pair->fit.start_up),
               compare_digits(pair->fit.share));
    }
    if (pair->disturbed > 0) {
        printf("     The run was disturbed at %d of %d sizes: the same thing "
               "measured twice (A/A)\n     differs by more than %.0f %% there."
               "\n", pair->disturbed, pair->count, 100 * COMPARE_TOLERANCE);
    }
    printf("\n");
}

// CPUs that other programs used during the run; 0 where that is not known, or
// so little that each machine has it.
static double others_used(const raw_data *data)
{
    double cpus = atof(raw_value(data, "others"));
    return cpus > 0.05 ? cpus : 0;
}

static void print_heading(const raw_data *data)
{
    printf("%s: %s\n", raw_value(data, "question"), raw_value(data, "asks"));
    printf("%s, usable CPUs: %s, pinned: %s, load before: %s\n",
           raw_value(data, "machine"), raw_value(data, "usable_cpus"),
           raw_value(data, "pinning"), raw_value(data, "load_before"));
    printf("%s, %s, %s, run: %s\n", raw_value(data, "compiler"),
           raw_value(data, "flags"), raw_value(data, "c_library"),
           raw_value(data, "effort"));
    if (others_used(data) > 0) {
        printf("The run was disturbed: other programs used %.2f of these CPUs "
               "meanwhile.\n", others_used(data));
    }
    printf("\n");
}

// ---- the summary file -----------------------------------------------------

// Whether the samples before number `index` have this one's mode and size.
static bool seen_before(const raw_data *data, size_t index)
{
    const raw_sample *sample = &data->samples[index];
    for (size_t i = 0; i < index; i++) {
        if (data->samples[i].n == sample->n &&
            strcmp(data->samples[i].mode, sample->mode) == 0) {
            return true;
        }
    }
    return false;
}

static void write_modes(const raw_data *data, FILE *file)
{
    fprintf(file, "mode\tn\truns\tq1\tmedian\tq3\n");
    for (size_t i = 0; i < data->sample_count; i++) {
        const raw_sample *sample = &data->samples[i];
        if (seen_before(data, i)) {
            continue;
        }
        stats_quartiles times = compare_times(data, sample->mode, sample->n);
        fprintf(file, "%s\t%lld\t%zu\t%.1f\t%.1f\t%.1f\n", sample->mode,
                (long long)sample->n, times.count, times.q1, times.median,
                times.q3);
    }
}

static void write_fact(const raw_data *data, const char *key, FILE *file)
{
    const char *value = raw_value(data, key);
    if (strcmp(value, "unknown") != 0) {
        fprintf(file, "# %s: %s\n", key, value);
    }
}

// What a picture says below itself: where, and how often.
static void write_notes(const raw_data *data, FILE *file)
{
    size_t least = SIZE_MAX, most = 0;
    int64_t largest = data->samples[0].n;
    bool several = false;
    for (size_t i = 0; i < data->sample_count; i++) {
        const raw_sample *sample = &data->samples[i];
        size_t runs = compare_times(data, sample->mode, sample->n).count;
        least = runs < least ? runs : least;
        most = runs > most ? runs : most;
        several = several || sample->n != largest;
        largest = sample->n > largest ? sample->n : largest;
    }
    bool pinned = strcmp(raw_value(data, "pinning"), "none") != 0;
    fprintf(file, "# where: %s, usable CPUs: %s, load before: %s, %s%s\n",
            raw_value(data, "machine"), raw_value(data, "usable_cpus"),
            raw_value(data, "load_before"),
            pinned ? "pinned to " : "not pinned",
            pinned ? raw_value(data, "pinning") : "");
    fprintf(file, "# how: dots: medians of ");
    if (least < most) {
        fprintf(file, "%zu to ", least);
    }
    fprintf(file, "%zu runs, bars: quartiles; %s run, n %s %s, %s, %s\n", most,
            raw_value(data, "effort"), several ? "up to" : "=",
            compare_amount((double)largest, compare_unit(data)),
            raw_value(data, "compiler"), raw_value(data, "date"));
    fprintf(file, "# largest: %lld\n", (long long)largest);
    write_fact(data, "remark", file);
    write_fact(data, "left_out", file);
}

// What a picture says of a run that was disturbed.
static void write_disturbed(const raw_data *data, int rows, int off, FILE *file)
{
    double others = others_used(data);
    if (others == 0 && off == 0) {
        return;
    }
    fprintf(file, "# disturbed: disturbed:");
    if (others > 0) {
        fprintf(file, " other programs used %.2f CPUs%s", others,
                off > 0 ? ", and" : "");
    }
    if (off > 0) {
        fprintf(file, " A/A is off in %d of %d rows", off, rows);
    }
    fprintf(file, "\n");
}

static void write_pair(const compare_pair *pair, int number, FILE *file)
{
    fprintf(file, "# verdict_%d: %s\n", number, pair->verdict);
    if (!isnan(pair->break_even)) {
        fprintf(file, "# break_even_%d: %.0f\n", number, pair->break_even);
        fprintf(file, "# from_%d: %s\n", number, pair->from);
    }
    if (pair->fit.sizes > 0) {
        fprintf(file, "# fit_%d: start %s, then %s of the time\n", number,
                compare_time(pair->fit.start_up),
                compare_digits(pair->fit.share));
    }
    if (pair->disturbed > 0) {
        fprintf(file, "# disturbed_%d: %d of %d sizes\n", number,
                pair->disturbed, pair->count);
    }
}

// ---- the program ----------------------------------------------------------

// The verdicts are numbered: a picture shows two. Those on chunksizes and on
// growth come first, unless it is that of one item, which is expected to be
// none.
static int each_pair(const raw_data *data, FILE *file)
{
    static compare_pair pair;
    int found, rows = 0, off = 0;
    bool last = growth_per_item(data);
    int verdicts = chunks_report(data, 1, file);
    verdicts += last ? 0 : growth_report(data, verdicts + 1, file);
    int gains = gain_report(data, verdicts + 1, file);
    if (gains == -1) {
        return -1;
    }
    verdicts += gains;
    for (int i = 0; (found = compare_find(data, "compare", i, &pair)) == 1;
         i++) {
        if (compare_build(data, &pair) == -1) {
            return -1;
        }
        print_table(&pair);
        write_pair(&pair, ++verdicts, file);
        rows += pair.count;
        off += pair.disturbed;
    }
    write_disturbed(data, rows, off, file);
    if (last) {
        growth_report(data, verdicts + 1, file);
    }
    return found;
}

static int summarize(const raw_data *data, const char *path)
{
    char other[PATH_MAX];
    snprintf(other, sizeof other, "%s.%ld", path, (long)getpid());
    FILE *file = fopen(other, "w");
    if (file == NULL) {
        return mp_fail(errno, "cannot write %s: %s", path, strerror(errno));
    }
    print_heading(data);
    fprintf(file, "# question: %s\n# asks: %s\n", raw_value(data, "question"),
            raw_value(data, "asks"));
    int result = each_pair(data, file);
    write_notes(data, file);
    write_modes(data, file);
    result = result == 0 ? gain_write(data, file) : -1;
    bool failed = ferror(file) != 0;
    failed = fclose(file) != 0 || failed;
    if (result == 0 && (failed || rename(other, path) == -1)) {
        result = mp_fail(EIO, "cannot write %s", path);
    }
    if (result == -1) {
        unlink(other);
    }
    return result;
}

int main(int argc, char **argv)
{
    raw_data data;
    if (argc != 3) {
        fprintf(stderr, "usage: summary RAW.tsv SUMMARY.tsv\n");
        return 2;
    }
    if (raw_read(&data, argv[1]) == -1) {
        fprintf(stderr, "summary: %s\n", mp_error());
        return 1;
    }
    int result = summarize(&data, argv[2]);
    if (result == -1) {
        fprintf(stderr, "summary: %s: %s\n", argv[1], mp_error());
    }
    raw_free(&data);
    return result == -1 ? 1 : 0;
}
