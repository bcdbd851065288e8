// The sum of 0 .. n-1, three times: one process does it three times over, or
// three processes do it once each, or three threads. When is it worth to start
// them?

#include "bench.h"

#include <stddef.h>

#include "adding.h"

enum { TIMES = 3 };

// The same part for each.
static int64_t do_times(int64_t (*add)(const adding_part *, int64_t),
                        int64_t n)
{
    adding_part parts[TIMES];
    for (int i = 0; i < TIMES; i++) {
        parts[i] = (adding_part){ 0, n };
    }
    return add(parts, TIMES);
}

static int64_t one_process(int64_t n)
{
    return do_times(adding_alone, n);
}

static int64_t three_processes(int64_t n)
{
    return do_times(adding_by_processes, n);
}

static int64_t three_threads(int64_t n)
{
    return do_times(adding_by_threads, n);
}

// ---- the question ---------------------------------------------------------

static const bench_mode modes[] = {
    { .name = "one process", .run = one_process },
    { .name = "three processes", .run = three_processes,
      .against = "one process", .wins = "Three processes win" },
    { .name = "Python, one process", .python = "one" },
    { .name = "Python, three processes", .python = "three",
      .against = "Python, one process",
      .wins = "In Python, three processes win" },
    { .name = "three threads", .run = three_threads,
      .against = "one process", .wins = "Three threads win" },
    { .name = "Python, three threads", .python = "threads",
      .against = "Python, one process" },
    { .name = "one process again", .run = one_process,
      .control_of = "one process" },
    { .name = "Python, one process again", .python = "one",
      .control_of = "Python, one process" },
    { .name = NULL },
};

// Quarters of decades where the curves may meet, Python's first, then C's: the
// break-even rests on the sizes around it (fit.h).
#define MIDDLE                                                              \
    32000, 56000, 100000, 180000, 320000, 560000, 1000000, 1800000,         \
        3200000, 5600000, 10000000

static const int64_t tiny[] = { 1000, 10000, 0 };
static const int64_t quick[] = { 1000, 10000, MIDDLE, 0 };
static const int64_t normal[] = { 1000, 3200, 10000, 18000, MIDDLE, 18000000,
                                  32000000, 100000000, 1000000000, 0 };
static const int64_t full[] = { 1000, 1800, 3200, 5600, 10000, 18000, MIDDLE,
                                18000000, 32000000, 56000000, 100000000,
                                320000000, 1000000000, 0 };

static const bench_question question = {
    .name = "sum",
    .asks = "From which n on are three processes faster than one?",
    .modes = modes,
    .sizes = { tiny, quick, normal, full },
    .python = "bench/sum.py",
    .python_max = { 1000, 180000, 1000000, 100000000 },
    .starts = true,
};

int main(int argc, char **argv)
{
    return bench_main(argc, argv, &question);
}
