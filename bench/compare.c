#include "base/platform.h"

#include "compare.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"

// ---- which modes ----------------------------------------------------------

// "mode | baseline | wins"; the last may be missing.
static int parse_pair(const char *text, compare_pair *pair)
{
    *pair = (compare_pair){ .break_even = NAN };
    int found = sscanf(text, "%63[^|]|%63[^|]|%95[^|]", pair->mode,
                       pair->baseline, pair->wins);
    if (found < 2) {
        return mp_fail(EINVAL, "'%s' does not name two modes", text);
    }
    char *parts[] = { pair->mode, pair->baseline, pair->wins };
    for (int i = 0; i < 3; i++) {
        size_t blanks = strspn(parts[i], " ");
        memmove(parts[i], parts[i] + blanks, strlen(parts[i] + blanks) + 1);
        size_t length = strlen(parts[i]);
        while (length > 0 && parts[i][length - 1] == ' ') {
            parts[i][--length] = '\0';
        }
    }
    return 1;
}

int compare_find(const raw_data *data, const char *key, int index,
                 compare_pair *pair)
{
    for (size_t i = 0; i < data->fact_count; i++) {
        if (strcmp(data->facts[i].key, key) == 0 && index-- == 0) {
            return parse_pair(data->facts[i].value, pair);
        }
    }
    return 0;
}

// ---- their times ----------------------------------------------------------

stats_quartiles compare_times(const raw_data *data, const char *mode, int64_t n)
{
    double *values = malloc((data->sample_count + 1) * sizeof *values);
    size_t count = 0;
    for (size_t i = 0; values != NULL && i < data->sample_count; i++) {
        const raw_sample *sample = &data->samples[i];
        if (sample->n == n && strcmp(sample->mode, mode) == 0) {
            values[count++] = (double)sample->ns;
        }
    }
    stats_quartiles times = stats_of(values, count);
    free(values);
    return times;
}

static const raw_sample *find_sample(const raw_data *data, int round,
                                     const char *mode, int64_t n)
{
    for (size_t i = 0; i < data->sample_count; i++) {
        const raw_sample *sample = &data->samples[i];
        if (sample->round == round && sample->n == n &&
            strcmp(sample->mode, mode) == 0) {
            return sample;
        }
    }
    return NULL;
}

stats_quartiles compare_ratio(const raw_data *data, const char *mode, int64_t n,
                              const char *baseline, int64_t base_n)
{
    double *values = malloc((data->sample_count + 1) * sizeof *values);
    size_t count = 0;
    for (size_t i = 0; values != NULL && i < data->sample_count; i++) {
        const raw_sample *sample = &data->samples[i];
        if (sample->n != n || strcmp(sample->mode, mode) != 0) {
            continue;
        }
        const raw_sample *other =
            find_sample(data, sample->round, baseline, base_n);
        if (other != NULL) {
            values[count++] = (double)sample->ns / (double)other->ns;
        }
    }
    stats_quartiles result = stats_of(values, count);
    free(values);
    return result;
}

double compare_control(const raw_data *data, const char *mode, int64_t n)
{
    compare_pair control;
    for (int i = 0; compare_find(data, "control", i, &control) == 1; i++) {
        if (strcmp(control.baseline, mode) == 0) {
            return compare_ratio(data, control.mode, n, mode, n).median;
        }
    }
    return NAN;
}

// ---- rows -----------------------------------------------------------------

// The smallest size above `n`, or 0.
static int64_t next_size(const raw_data *data, int64_t n)
{
    int64_t next = 0;
    for (size_t i = 0; i < data->sample_count; i++) {
        int64_t size = data->samples[i].n;
        if (size > n && (next == 0 || size < next)) {
            next = size;
        }
    }
    return next;
}

static int side_of(const compare_row *row)
{
    if (row->measurable) {
        return row->ratio.median < 1 ? -1 : 1;
    }
    double off = row->control > 1 ? row->control : 1 / row->control;
    if (row->ratio.q1 > off) {
        return 1;
    }
    return row->ratio.q3 < 1 / off ? -1 : 0;
}

// Adds a row, unless the two have no round in common at this size.
static void add_row(const raw_data *data, compare_pair *pair, int64_t n)
{
    compare_row row = {
        .n = n,
        .baseline = compare_times(data, pair->baseline, n),
        .mode = compare_times(data, pair->mode, n),
        .ratio = compare_ratio(data, pair->mode, n, pair->baseline, n),
        .control = compare_control(data, pair->baseline, n),
    };
    if (row.ratio.count == 0) {
        return;
    }
    // Without a control nothing speaks against the row.
    row.measurable = !(fabs(row.control - 1) > COMPARE_TOLERANCE);
    row.side = side_of(&row);
    pair->disturbed += row.measurable ? 0 : 1;
    pair->rows[pair->count++] = row;
}

const char *compare_unit(const raw_data *data)
{
    const char *unit = raw_value(data, "unit");
    return strcmp(unit, "unknown") == 0 ? "" : unit;
}

int compare_build(const raw_data *data, compare_pair *pair)
{
    snprintf(pair->unit, sizeof pair->unit, "%s", compare_unit(data));
    pair->starts = strcmp(raw_value(data, "starts"), "yes") == 0;
    int64_t n = next_size(data, 0);
    while (n != 0 && pair->count < COMPARE_SIZES) {
        add_row(data, pair, n);
        n = next_size(data, n);
    }
    if (pair->count == 0) {
        return mp_fail(EINVAL, "no round measured both '%s' and '%s'",
                       pair->mode, pair->baseline);
    }
    char conditions[96];
    snprintf(conditions, sizeof conditions, "usable CPUs: %s, load before: %s",
             raw_value(data, "usable_cpus"), raw_value(data, "load_before"));
    compare_judge(pair, conditions);
    return 0;
}
