#include "base/platform.h"

#include "raw.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

static const char columns[] = "round\tmode\tn\tnanoseconds";

// ---- in memory ------------------------------------------------------------

// Room for one more: doubles the array whenever its length is a power of two.
static int grow(void **array, size_t count, size_t item)
{
    if ((count & (count - 1)) != 0) {
        return 0;
    }
    void *larger = realloc(*array, (count == 0 ? 1 : 2 * count) * item);
    if (larger == NULL) {
        return mp_fail(ENOMEM, "no memory for the samples");
    }
    *array = larger;
    return 0;
}

static int add_fact(raw_data *data, const char *key, const char *value)
{
    void *array = data->facts;
    if (grow(&array, data->fact_count, sizeof *data->facts) == -1) {
        return -1;
    }
    data->facts = array;
    raw_fact fact = { .key = strdup(key), .value = strdup(value) };
    if (fact.key == NULL || fact.value == NULL) {
        free(fact.key);
        free(fact.value);
        return mp_fail(ENOMEM, "no memory for a fact");
    }
    data->facts[data->fact_count++] = fact;
    return 0;
}

int raw_add_fact(raw_data *data, const char *key, const char *format, ...)
{
    char value[512];
    va_list values;
    va_start(values, format);
    vsnprintf(value, sizeof value, format, values);
    va_end(values);
    return add_fact(data, key, value);
}

int raw_add_sample(raw_data *data, int round, const char *mode, int64_t n,
                   int64_t ns)
{
    void *array = data->samples;
    if (grow(&array, data->sample_count, sizeof *data->samples) == -1) {
        return -1;
    }
    data->samples = array;
    raw_sample sample = {
        .round = round, .mode = strdup(mode), .n = n, .ns = ns
    };
    if (sample.mode == NULL) {
        return mp_fail(ENOMEM, "no memory for a sample");
    }
    data->samples[data->sample_count++] = sample;
    return 0;
}

const char *raw_value(const raw_data *data, const char *key)
{
    for (size_t i = 0; i < data->fact_count; i++) {
        if (strcmp(data->facts[i].key, key) == 0) {
            return data->facts[i].value;
        }
    }
    return "unknown";
}

void raw_free(raw_data *data)
{
    for (size_t i = 0; i < data->fact_count; i++) {
        free(data->facts[i].key);
        free(data->facts[i].value);
    }
    for (size_t i = 0; i < data->sample_count; i++) {
        free(data->samples[i].mode);
    }
    free(data->facts);
    free(data->samples);
    *data = (raw_data){ 0 };
}

// ---- writing --------------------------------------------------------------

static void write_lines(const raw_data *data, FILE *file)
{
    for (size_t i = 0; i < data->fact_count; i++) {
        fprintf(file, "# %s: %s\n", data->facts[i].key, data->facts[i].value);
    }
    fprintf(file, "# samples: %zu\n%s\n", data->sample_count, columns);
    for (size_t i = 0; i < data->sample_count; i++) {
        const raw_sample *sample = &data->samples[i];
        fprintf(file, "%d\t%s\t%lld\t%lld\n", sample->round, sample->mode,
                (long long)sample->n, (long long)sample->ns);
    }
}

int raw_write(const raw_data *data, const char *path)
{
    char other[PATH_MAX];
    snprintf(other, sizeof other, "%s.%ld", path, (long)getpid());
    FILE *file = fopen(other, "w");
    if (file == NULL) {
        return mp_fail(errno, "cannot write %s: %s", path, strerror(errno));
    }
    write_lines(data, file);
    // A full disk shows in ferror, or only when the last bytes are flushed.
    bool failed = ferror(file) != 0;
    failed = fclose(file) != 0 || failed;
    if (failed || rename(other, path) == -1) {
        int error = errno;
        unlink(other);
        return mp_fail(error, "cannot write %s: %s", path, strerror(error));
    }
    return 0;
}

// ---- reading --------------------------------------------------------------

// Takes the text up to the next tab, or the end, off the front of `*rest`;
// NULL when nothing is left.
static char *next_column(char **rest)
{
    return *rest == NULL ? NULL : strsep(rest, "\t");
}

// A whole number above zero, and nothing behind it. Nothing that is measured
// here takes no time.
static bool parse_number(const char *text, int64_t largest, int64_t *number)
{
    if (text == NULL || *text < '0' || *text > '9') {
        return false;
    }
    char *end;
    errno = 0;
    *number = strtoll(text, &end, 10);
    return errno == 0 && *end == '\0' && *number > 0 && *number <= largest;
}

// A line "# key: value". Other lines that begin with # are remarks.
static int parse_fact(raw_data *data, char *line)
{
    char *value = strstr(line, ": ");
    if (value == NULL || strncmp(line, "# ", 2) != 0) {
        return 0;
    }
    *value = '\0';
    return add_fact(data, line + 2, value + 2);
}

static int parse_sample(raw_data *data, char *line)
{
    char *round_text = next_column(&line);
    char *mode = next_column(&line);
    char *n_text = next_column(&line);
    char *ns_text = next_column(&line);
    int64_t round, n, ns;
    if (line != NULL || mode == NULL || *mode == '\0' ||
        !parse_number(round_text, INT_MAX, &round) ||
        !parse_number(n_text, INT64_MAX, &n) ||
        !parse_number(ns_text, INT64_MAX, &ns)) {
        return mp_fail(EINVAL, "expected round, mode, n and nanoseconds");
    }
    return raw_add_sample(data, (int)round, mode, n, ns);
}

// One line without its newline. `*header` is true until the line of columns.
static int parse_line(raw_data *data, char *line, bool *header)
{
    if (*line == '#') {
        return parse_fact(data, line);
    }
    if (!*header) {
        return parse_sample(data, line);
    }
    if (strcmp(line, columns) != 0) {
        return mp_fail(EINVAL, "expected the names of the columns");
    }
    *header = false;
    return 0;
}

// Gives the sentence of the last failure a place in a file.
static int fail_at(const char *path, long number)
{
    char sentence[256];
    snprintf(sentence, sizeof sentence, "%s", mp_error());
    return mp_fail(EINVAL, "%s, line %ld: %s", path, number, sentence);
}

static int read_lines(raw_data *data, FILE *file, const char *path)
{
    char *line = NULL;
    size_t room = 0;
    bool header = true;
    int result = 0;
    long number = 0;
    ssize_t length;
    while (result == 0 && (length = getline(&line, &room, file)) > 0) {
        number++;
        if (line[length - 1] != '\n') {
            mp_fail(EINVAL, "the line is cut short");
            result = fail_at(path, number);
        } else {
            line[length - 1] = '\0';
            result = parse_line(data, line, &header);
            result = result == -1 ? fail_at(path, number) : 0;
        }
    }
    free(line);
    if (result == 0 && number == 0) {
        return mp_fail(EINVAL, "%s is empty", path);
    }
    return result;
}

static int check_count(const raw_data *data, const char *path)
{
    int64_t promised;
    const char *text = raw_value(data, "samples");
    if (!parse_number(text, INT64_MAX, &promised)) {
        return mp_fail(EINVAL, "%s does not say how many samples it has", path);
    }
    if ((int64_t)data->sample_count != promised) {
        return mp_fail(EINVAL, "%s is cut short: it has %zu of %s samples",
                       path, data->sample_count, text);
    }
    return 0;
}

int raw_read(raw_data *data, const char *path)
{
    *data = (raw_data){ 0 };
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        return mp_fail(errno, "cannot read %s: %s", path, strerror(errno));
    }
    int result = read_lines(data, file, path);
    if (result == 0 && ferror(file)) {
        result = mp_fail(EIO, "cannot read %s", path);
    }
    fclose(file);
    if (result == 0) {
        result = check_count(data, path);
    }
    if (result == -1) {
        raw_free(data);
    }
    return result;
}
