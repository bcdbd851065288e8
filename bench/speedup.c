// How many times as fast are p processes? README.md says more.
//
// n is p, the number of processes or threads. The work is the sum of a fixed
// number of numbers, of which each adds a part. One process alone starts
// nobody; the time of the others has all of their starts and joins in it.

#include "bench.h"

#include "adding.h"

// Numbers to add. With fewer, the starts would be most of what is seen. (Python
// adds 600 thousand.)
static const int64_t work = 50000000;

static int64_t share(int64_t p, int how)
{
    static adding_part parts[ADDING_MOST];
    int64_t count = how == ADDING_ALONE ? 1 : p;
    for (int64_t i = 0; i < count; i++) {
        parts[i] = (adding_part){ work * i / count, work * (i + 1) / count };
    }
    return adding(how, parts, count);
}

static bench_mode modes[] = {
    { .name = "processes", .run = share, .arg = ADDING_PROCESSES,
      .again = true },
    { .name = "threads", .run = share, .arg = ADDING_THREADS,
      .forked = true },
    { .name = "alone", .run = share, .arg = ADDING_ALONE, .again = true },
    { .name = "Python processes", .python = "share" },
    { .name = "Python alone", .python = "alone", .again = true },
    { .name = NULL },
};

// 1, 2, 3, 4, 8, 16 .. up to twice the CPUs, or to 8; and the number of CPUs.
static int64_t sizes[32];

// Python goes no further than twice the CPUs: its processes take long to start.
static void prepare(void)
{
    int64_t cpus = machine_usable_cpus();
    int64_t most = cpus < 4 ? 8 : 2 * cpus;
    most = most < ADDING_MOST ? most : ADDING_MOST;
    int count = 0;
    for (int64_t p = 1; p <= most; p++) {
        if (p <= 4 || (p & (p - 1)) == 0 || p == cpus || p == most) {
            sizes[count++] = p;
        }
    }
    for (bench_mode *mode = modes; mode->name != NULL; mode++) {
        mode->largest = mode->python != NULL ? 2 * cpus : 0;
    }
}

bench_question question = {
    .name = "speedup",
    .asks = "How many times as fast is the same work by p processes?",
    .modes = modes,
    .sizes = sizes,
    .prepare = prepare,
};
