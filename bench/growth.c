#include "base/platform.h"

#include "growth.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "compare.h"

typedef struct {
    int64_t from, to;         // the smallest n and the largest
    stats_quartiles at_from;  // nanoseconds
    stats_quartiles at_to;
    double control;           // its ratio, the one farther from 1; NaN: none
    double share;             // of a factor that is no more than n's own
} growth;

bool growth_per_item(const raw_data *data)
{
    return strcmp(raw_value(data, "per_item"), "yes") == 0;
}

static bool is_off(double control)
{
    return fabs(control - 1) > COMPARE_TOLERANCE;
}

// Returns false where the mode has not two sizes.
static bool grow(const raw_data *data, const char *mode, growth *found)
{
    *found = (growth){ 0 };
    for (size_t i = 0; i < data->sample_count; i++) {
        const raw_sample *sample = &data->samples[i];
        if (strcmp(sample->mode, mode) != 0) {
            continue;
        }
        if (found->from == 0 || sample->n < found->from) {
            found->from = sample->n;
        }
        if (sample->n > found->to) {
            found->to = sample->n;
        }
    }
    if (found->from == found->to) {
        return false;
    }
    found->share = growth_per_item(data)
                       ? (double)found->from / (double)found->to
                       : 1;
    found->at_from = compare_times(data, mode, found->from);
    found->at_to = compare_times(data, mode, found->to);
    double before = compare_control(data, mode, found->from);
    double after = compare_control(data, mode, found->to);
    // No comparison with a NaN is true.
    bool first = isnan(after) || fabs(after - 1) < fabs(before - 1);
    found->control = first ? before : after;
    return true;
}

static double factor_by_medians(const growth *found)
{
    return found->at_to.median / found->at_from.median * found->share;
}

// "43.1 times", "at least 38.0 times"; "" where it may even be no growth.
static const char *factor_of(const growth *found)
{
    static char text[64];
    double least = found->at_to.q1 / found->at_from.q3 * found->share;
    if (!is_off(found->control)) {
        snprintf(text, sizeof text, "%s times",
                 compare_digits(factor_by_medians(found)));
    } else if (least > 1) {
        snprintf(text, sizeof text, "at least %s times", compare_digits(least));
    } else {
        text[0] = '\0';
    }
    return text;
}

// ---- the table ------------------------------------------------------------

static bool seen_before(const raw_data *data, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (strcmp(data->samples[i].mode, data->samples[index].mode) == 0) {
            return true;
        }
    }
    return false;
}

static void print_row(const char *mode, const growth *found)
{
    printf("%32s ", mode);
    compare_print_time(found->at_from.median, 9);
    printf(" ");
    compare_print_time(found->at_to.median, 9);
    if (isnan(found->control)) {
        printf("      -");
    } else {
        printf("  %.3f", found->control);
    }
    printf("  %s\n", compare_digits(factor_by_medians(found)));
}

static void print_table(const raw_data *data)
{
    bool heading = true;
    const char *unit = compare_unit(data);
    for (size_t i = 0; i < data->sample_count; i++) {
        growth found;
        if (seen_before(data, i) ||
            !grow(data, data->samples[i].mode, &found)) {
            continue;
        }
        if (heading) {
            printf("%32s %9s %9s  %5s  %s\n", "mode",
                   compare_amount((double)found.from, unit),
                   compare_amount((double)found.to, unit), "A/A",
                   growth_per_item(data) ? "factor for one" : "factor");
            heading = false;
        }
        print_row(data->samples[i].mode, &found);
    }
}

// ---- the sentences --------------------------------------------------------

// The mode and its word are the two halves of the fact number `index`.
static bool find(const raw_data *data, int index, compare_pair *pair,
                 growth *found)
{
    return compare_find(data, "growth", index, pair) == 1 &&
           grow(data, pair->mode, found);
}

static void say_first(const raw_data *data, const char *word,
                      const growth *found, char *text, size_t size)
{
    const char *unit = compare_unit(data);
    const char *from = compare_amount((double)found->from, unit);
    const char *to = compare_amount((double)found->to, unit);
    const char *factor = factor_of(found);
    if (*factor != '\0' && growth_per_item(data)) {
        snprintf(text, size, "An item of %s takes %s %s what one of %s takes",
                 to, word, factor, from);
    } else if (*factor != '\0') {
        snprintf(text, size, "With %s, %s takes %s what it takes with %s", to,
                 word, factor, from);
    } else {
        snprintf(text, size, "%s with %s against %s: not measurable here "
                             "(A/A %.3f)", word, to, from, found->control);
    }
}

// Writes nothing where no other mode is named.
static void say_others(const raw_data *data, char *text, size_t size)
{
    static compare_pair pair;
    growth found;
    size_t length = 0;
    text[0] = '\0';
    for (int i = 1; find(data, i, &pair, &found) && length < size; i++) {
        const char *factor = factor_of(&found);
        length += (size_t)snprintf(
            text + length, size - length, "%s%s: %s", length > 0 ? ", " : "",
            pair.baseline, *factor != '\0' ? factor : "not measurable here");
    }
}

int growth_report(const raw_data *data, int number, FILE *file)
{
    static compare_pair pair;
    growth found;
    if (!find(data, 0, &pair, &found)) {
        return 0;
    }
    char first[256], others[256];
    say_first(data, pair.baseline, &found, first, sizeof first);
    say_others(data, others, sizeof others);
    print_table(data);
    printf("  => %s.\n", first);
    fprintf(file, "# verdict_%d: %s\n", number, first);
    if (others[0] != '\0') {
        printf("  => %s.\n", others);
        fprintf(file, "# verdict_%d: %s\n", number + 1, others);
    }
    printf("\n");
    return others[0] != '\0' ? 2 : 1;
}
