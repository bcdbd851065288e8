// raw.h - the raw samples of one question, in memory and as a file.
//
//     raw_data data = { 0 };
//     raw_add_fact(&data, "question", "%s", "sum");
//     raw_add_sample(&data, 1, "one process", 1000, 1234);
//     raw_write(&data, "build/bench/sum.tsv");
//     raw_free(&data);
//
// The file is text, with tabs between columns:
//
//     # question: sum                       facts, `# key: value`
//     # samples: 1                          how many lines follow, so that a
//     round  mode         n     nanoseconds file cut short is noticed
//     1      one process  1000  1234        one line a sample
//
// Errors: error.h has the rule. What cannot be read gives EINVAL and a sentence
// that names the file and the line.

#ifndef RAW_H
#define RAW_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    char *key;
    char *value;
} raw_fact;

typedef struct {
    int round;      // from 1; what has the same round was measured together
    char *mode;
    int64_t n;      // the size
    int64_t ns;     // nanoseconds
} raw_sample;

// Zero it, or let raw_read fill it. Undone by raw_free.
typedef struct {
    raw_fact *facts;
    size_t fact_count;
    raw_sample *samples;
    size_t sample_count;
} raw_data;

// Both copy their texts. Errors: ENOMEM.
int raw_add_fact(raw_data *data, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
int raw_add_sample(raw_data *data, int round, const char *mode, int64_t n,
                   int64_t ns);

// The value of the first fact called `key`, or "unknown".
const char *raw_value(const raw_data *data, const char *key);

// Writes under another name and renames: a reader never sees half a file.
int raw_write(const raw_data *data, const char *path);

// Overwrites `data`, which holds nothing if this fails.
int raw_read(raw_data *data, const char *path);

void raw_free(raw_data *data);

#endif
