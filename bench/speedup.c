// How many times as fast is the same work by p processes? n is p, and the work
// stays the same, however many share it: the sum of a fixed number of numbers.
// Whoever does it alone starts nobody. The time of the others has all of their
// starts and joins in it. So the speed-up is what a program would really gain.

#include "base/platform.h"

#include "bench.h"

#include <errno.h>

#include "adding.h"
#include "compare.h"
#include "machine.h"
#include "mp.h"

static int64_t work;  // numbers to add

// ---- the work -------------------------------------------------------------

// Part i of p. All have the same length, but for a number more or less.
static adding_part part_of(int64_t i, int64_t p)
{
    return (adding_part){ work * i / p, work * (i + 1) / p };
}

static int64_t share(int64_t (*add)(const adding_part *, int64_t), int64_t p)
{
    adding_part *parts = malloc((size_t)p * sizeof *parts);
    if (parts == NULL) {
        return mp_fail(ENOMEM, "no memory for %lld parts", (long long)p);
    }
    for (int64_t i = 0; i < p; i++) {
        parts[i] = part_of(i, p);
    }
    int64_t took = add(parts, p);
    free(parts);
    return took;
}

static int64_t alone(int64_t p)
{
    (void)p;
    return share(adding_alone, 1);
}

static int64_t processes(int64_t p)
{
    return share(adding_by_processes, p);
}

static int64_t threads(int64_t p)
{
    return share(adding_by_threads, p);
}

// ---- the question ---------------------------------------------------------

static const bench_mode modes[] = {
    { .name = "processes", .run = processes, .against = "alone",
      .gains = "processes" },
    { .name = "threads", .run = threads, .against = "alone",
      .gains = "threads" },
    { .name = "alone", .run = alone },
    { .name = "threads again", .run = threads, .control_of = "threads" },
    { .name = "processes again", .run = processes, .control_of = "processes" },
    { .name = "Python processes", .python = "processes",
      .against = "Python alone", .gains = "Python processes" },
    { .name = "Python alone", .python = "alone" },
    { .name = "Python processes again", .python = "processes",
      .control_of = "Python processes" },
    { .name = NULL },
};

// Numbers to add. With less, the starts would be most of what is seen.
static const struct {
    int64_t c;
    int64_t python;
} amounts[BENCH_EFFORTS] = {
    [BENCH_TINY] = { 10000, 1000 },
    [BENCH_QUICK] = { 20000000, 300000 },
    [BENCH_NORMAL] = { 100000000, 1000000 },
    [BENCH_FULL] = { 300000000, 3000000 },
};

static const int64_t tiny[] = { 1, 2, 3, 0 };

// 1, 2, 3, 4, 6, 8, 12, 16 .. up to twice the CPUs, or to 8; and the number of
// CPUs itself. A quick run leaves out 6, 12, 24 and so on. These are fewer than
// 32, however many CPUs a mask can have.
static int64_t sizes[32];

static bool is_chosen(int64_t p, bench_effort effort)
{
    if (p == 3) {
        return true;
    }
    while (p % 2 == 0) {
        p /= 2;
    }
    return p == 1 || (p == 3 && effort != BENCH_QUICK);
}

static int choose_sizes(int64_t cpus, bench_effort effort)
{
    int64_t most = 2 * cpus > 8 ? 2 * cpus : 8;
    int count = 0;
    for (int64_t p = 1; p <= most; p++) {
        if (is_chosen(p, effort) || p == cpus || p == most) {
            sizes[count++] = p;
        }
    }
    sizes[count] = 0;
    return count;
}

// Says how much work it is, to the reader and to the Python program.
static void announce_work(bench_question *question)
{
    static char remark[96];
    char number[32];
    int64_t python = amounts[question->effort].python;
    work = amounts[question->effort].c;
    snprintf(remark, sizeof remark,
             "the work: to add %s numbers, in Python %s",
             compare_size((double)work), compare_size((double)python));
    question->remark = remark;
    snprintf(number, sizeof number, "%lld", (long long)python);
    setenv("SPEEDUP_WORK", number, 1);
}

// All sizes together have little more time than others have for one. Python
// goes no farther than twice the CPUs: its processes take long to start.
static int prepare(bench_question *question)
{
    int cpus = machine_usable_cpus();
    announce_work(question);
    if (cpus == -1 || question->effort == BENCH_TINY) {
        return cpus == -1 ? -1 : 0;
    }
    question->share = 1.25 / choose_sizes(cpus, question->effort);
    question->sizes[question->effort] = sizes;
    question->python_max[question->effort] = 2 * cpus;
    return 0;
}

static const bench_question question = {
    .name = "speedup",
    .asks = "How many times as fast is the same work by p processes?",
    .modes = modes,
    .sizes = { tiny },
    .python = "bench/speedup.py",
    .python_max = { 2 },
    .unit = "processes",
    .none_before = true,
    .prepare = prepare,
};

int main(int argc, char **argv)
{
    return bench_main(argc, argv, &question);
}
