#include "base/platform.h"

#include "rounds.h"

#include <inttypes.h>
#include <stdio.h>

#include "mp.h"
#include "python.h"

const rounds_effort rounds_efforts[BENCH_EFFORTS] = {
    [BENCH_TINY] = { "tiny", 3, 3, 0 },
    [BENCH_QUICK] = { "quick", 5, 31, 0.33 },
    [BENCH_NORMAL] = { "normal", 5, 51, 1.2 },
    [BENCH_FULL] = { "full", 11, 101, 30 },
};

static int group_of(const bench_mode *mode)
{
    return mode->python != NULL ? GROUP_PYTHON : GROUP_C;
}

static bool takes_part(const bench_run *bench, const bench_mode *mode,
                       int64_t n)
{
    if (mode->part != bench->part ||
        (mode->largest != 0 && n > mode->largest)) {
        return false;
    }
    return mode->python == NULL ||
           (bench->has_python &&
            n <= bench->question->python_max[bench->effort]);
}

static int64_t run_once(const bench_mode *mode, int64_t n)
{
    return mode->python != NULL ? python_ask(mode->python, n) : mode->run(n);
}

// A run pays for what the mode before it left behind: cold caches, or, after a
// fork, pages to copy at the first write. So each is preceded by a run of the
// same mode that is not noted: then that one pays. It is small, where the size
// makes no difference to that.
static int rehearse(const bench_run *bench, const bench_mode *mode, int64_t n)
{
    const bench_question *question = bench->question;
    if (question->none_before) {
        return 0;
    }
    int64_t smallest = question->sizes[bench->effort][0];
    bool same = question->same_n_before;
    return run_once(mode, same ? n : smallest) == -1 ? -1 : 0;
}

static int64_t measure(const bench_run *bench, const bench_mode *mode,
                       int64_t n)
{
    return rehearse(bench, mode, n) == -1 ? -1 : run_once(mode, n);
}

int rounds_parts(const bench_question *question)
{
    int parts = 1;
    for (const bench_mode *m = question->modes; m->name != NULL; m++) {
        parts = m->part >= parts ? m->part + 1 : parts;
    }
    return parts;
}

// The parts share the time. Up to three sizes have twice as much each.
static int rounds_for(const bench_run *bench, int64_t ns)
{
    const bench_question *question = bench->question;
    const int64_t *sizes = question->sizes[bench->effort];
    bool few = sizes[1] == 0 || sizes[2] == 0 || sizes[3] == 0;
    double seconds = rounds_efforts[bench->effort].seconds * (few ? 2 : 1) /
                     rounds_parts(question) *
                     (question->share > 0 ? question->share : 1);
    double rounds = seconds * 1e9 / (double)(ns + 1);
    if (rounds < rounds_efforts[bench->effort].least) {
        return rounds_efforts[bench->effort].least;
    }
    if (rounds > rounds_efforts[bench->effort].most) {
        return rounds_efforts[bench->effort].most;
    }
    return (int)rounds;
}

// Runs each mode once, notes nothing, and adds what it took, by which the
// rounds are planned. What the very first run makes ready for all others, such
// as a server, is not in it.
static int warm_up(const bench_run *bench, int64_t n, int64_t took[GROUPS])
{
    for (const bench_mode *m = bench->question->modes; m->name != NULL; m++) {
        if (!takes_part(bench, m, n)) {
            continue;
        }
        int64_t begin = rehearse(bench, m, n) == -1 ? -1 : bench_now();
        if (begin == -1 || measure(bench, m, n) == -1) {
            return -1;
        }
        took[group_of(m)] += bench_now() - begin;
    }
    return 0;
}

// One group after the other, each other round backwards. So a mode and its
// control, at the two ends of their group, follow the same modes equally often.
static int run_group(bench_run *bench, int64_t n, int round, int group)
{
    const bench_mode *modes = bench->question->modes;
    int count = 0;
    while (round <= bench->rounds[group] && modes[count].name != NULL) {
        count++;
    }
    for (int i = 0; i < count; i++) {
        const bench_mode *mode = &modes[round % 2 == 0 ? count - 1 - i : i];
        if (group_of(mode) != group || !takes_part(bench, mode, n)) {
            continue;
        }
        int64_t ns = measure(bench, mode, n);
        if (ns == -1 || raw_add_sample(&bench->data, round, mode->name, n,
                                       ns > 0 ? ns : 1) == -1) {
            return -1;
        }
    }
    return 0;
}

// On a terminal, one line that changes. Elsewhere bench_main's one line is all.
static void show_progress(const bench_run *bench, int64_t n, int round,
                          int rounds)
{
    if (isatty(STDERR_FILENO)) {
        fprintf(stderr, "\r\033[K%s: n = %" PRId64 ", round %d of %d",
                bench->question->name, n, round, rounds);
    }
}

// The rounds of some sizes: each of them has all of these.
static int measure_sizes(bench_run *bench, const int64_t *sizes, int count)
{
    int64_t took[GROUPS] = { 0 };
    for (int i = 0; i < count; i++) {
        if (warm_up(bench, sizes[i], took) == -1) {
            return -1;
        }
    }
    int most = 0;
    for (int group = 0; group < GROUPS; group++) {
        int rounds = took[group] > 0 ? rounds_for(bench, took[group]) : 0;
        bench->rounds[group] = rounds;
        most = rounds > most ? rounds : most;
    }
    for (int round = 1; round <= most; round++) {
        for (int i = 0; i < count; i++) {
            int64_t n = sizes[round % 2 == 0 ? count - 1 - i : i];
            show_progress(bench, n, round, most);
            if (run_group(bench, n, round, GROUP_C) == -1 ||
                run_group(bench, n, round, GROUP_PYTHON) == -1) {
                return -1;
            }
        }
    }
    return 0;
}

int rounds_measure(bench_run *bench)
{
    const bench_question *question = bench->question;
    const int64_t *sizes = question->sizes[bench->effort];
    int count = 0;
    while (sizes[count] != 0 &&
           (question->largest == 0 || sizes[count] <= question->largest)) {
        count++;
    }
    int step = question->round_of_all ? count : 1;
    for (int i = 0; i < count; i += step) {
        if (measure_sizes(bench, sizes + i, step) == -1) {
            return -1;
        }
    }
    return 0;
}
