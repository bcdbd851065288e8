// The sum of 0 .. n-1, three times: one process does it three times over, or
// three processes do it once each, or three threads.

#include "bench.h"

#include <stddef.h>

#include "adding.h"

static int64_t sum(int64_t n, int how)
{
    adding_part parts[3] = { { 0, n }, { 0, n }, { 0, n } };
    return adding(how, parts, 3);
}

static const bench_mode modes[] = {
    { .name = "C, one process", .run = sum, .arg = ADDING_ALONE,
      .again = true },
    { .name = "C, three processes", .run = sum, .arg = ADDING_PROCESSES,
      .again = true },
    { .name = "C, three threads", .run = sum, .arg = ADDING_THREADS,
      .forked = true },
    { .name = "Python, one process", .python = "sum_alone", .again = true },
    { .name = "Python, three processes", .python = "sum_processes" },
    { .name = "Python, three threads", .python = "sum_threads" },
    { .name = NULL },
};

// n grows until a run takes as long as the effort allows.
static const int64_t sizes[] = { 1000,      3200,      10000,     32000,
                                 100000,    320000,    1000000,   3200000,
                                 10000000,  32000000,  100000000, 320000000,
                                 1000000000, 0 };

bench_question question = {
    .name = "sum",
    .asks = "From which n on are three processes faster than one?",
    .modes = modes,
    .sizes = sizes,
};
