// rounds.h - the rounds of a run: which mode is measured when, and how often.

#ifndef ROUNDS_H
#define ROUNDS_H

#include <stdbool.h>

#include "bench.h"
#include "raw.h"

// C modes and Python modes have rounds of their own number. In the rounds that
// both have they run interleaved; the slower group leaves earlier.
enum { GROUP_C, GROUP_PYTHON, GROUPS };

// How much each effort may take.
typedef struct {
    const char *name;
    int least;       // rounds, even where the time does not suffice
    int most;        // rounds, even where there is time for more
    double seconds;  // for one group and one size, or round_of_all
} rounds_effort;

extern const rounds_effort rounds_efforts[BENCH_EFFORTS];

typedef struct {
    const bench_question *question;
    bench_effort effort;
    bool has_python;
    int part;            // that is being measured
    int rounds[GROUPS];  // of what is being measured
    raw_data data;
} bench_run;

// How many parts the question has.
int rounds_parts(const bench_question *question);

// Measures the modes of this part, all sizes, and notes the samples. Returns 0,
// or -1 with a sentence.
int rounds_measure(bench_run *bench);

#endif
