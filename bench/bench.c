#include "platform.h"

#include "bench.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "machine.h"
#include "mp.h"
#include "python.h"
#include "raw.h"

// C modes and Python modes have rounds of their own number. In the rounds that
// both have they run interleaved; the slower group leaves earlier.
enum { GROUP_C, GROUP_PYTHON, GROUPS };

static const struct {
    const char *name;
    int least;       // rounds, even where the time does not suffice
    int most;        // rounds, even where there is time for more
    double seconds;  // for one size and one group
} efforts[BENCH_EFFORTS] = {
    [BENCH_TINY] = { "tiny", 3, 3, 0 },
    [BENCH_QUICK] = { "quick", 3, 31, 1 },
    [BENCH_NORMAL] = { "normal", 5, 51, 5 },
    [BENCH_FULL] = { "full", 11, 101, 30 },
};

typedef struct {
    const bench_question *question;
    bench_effort effort;
    bool has_python;
    raw_data data;
} bench_run;

int64_t bench_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

// ---- what the file says about the run -------------------------------------

// The modes that are compared; the third column is for the verdict (compare.h).
static int note_mode(raw_data *data, const bench_mode *mode)
{
    if (mode->control_of != NULL) {
        return raw_add_fact(data, "control", "%s | %s", mode->name,
                            mode->control_of);
    }
    if (mode->against != NULL) {
        return raw_add_fact(data, "compare", "%s | %s | %s", mode->name,
                            mode->against,
                            mode->wins != NULL ? mode->wins : "");
    }
    return 0;
}

static const char *from_environment(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && *value != '\0' ? value : "unknown";
}

static int note_question(bench_run *bench)
{
    raw_data *data = &bench->data;
    const bench_question *question = bench->question;
    if (raw_add_fact(data, "question", "%s", question->name) == -1 ||
        raw_add_fact(data, "asks", "%s", question->asks) == -1 ||
        raw_add_fact(data, "effort", "%s", efforts[bench->effort].name) == -1 ||
        raw_add_fact(data, "commit", "%s",
                     from_environment("BENCH_COMMIT")) == -1) {
        return -1;
    }
    return raw_add_fact(data, "flags", "%s", from_environment("BENCH_FLAGS"));
}

// Pins, if the question wants it. The CPUs are counted before that.
static int note_machine(bench_run *bench)
{
    int cpus = machine_usable_cpus();
    if (cpus == -1 || machine_describe(&bench->data, cpus) == -1) {
        return -1;
    }
    if (!bench->question->pinned) {
        return raw_add_fact(&bench->data, "pinning", "none");
    }
    int cpu = machine_pin();
    if (cpu == -1) {
        return -1;
    }
    return raw_add_fact(&bench->data, "pinning", "CPU %d", cpu);
}

// Without python3 the Python modes are left out, and we say so.
static int open_python(bench_run *bench)
{
    const bench_question *question = bench->question;
    if (question->python == NULL) {
        return 0;
    }
    if (python_open(question->python) == 0) {
        bench->has_python = true;
        return raw_add_fact(&bench->data, "python", "%s", python_version());
    }
    if (errno != ENOENT) {
        return -1;
    }
    fprintf(stderr, "%s: there is no python3, so the Python original is left "
                    "out (package python3)\n", question->name);
    return 0;
}

static int note_modes(bench_run *bench)
{
    for (const bench_mode *m = bench->question->modes; m->name != NULL; m++) {
        if (m->python != NULL && !bench->has_python) {
            continue;
        }
        if (note_mode(&bench->data, m) == -1) {
            return -1;
        }
    }
    return 0;
}

// ---- measuring ------------------------------------------------------------

static int group_of(const bench_mode *mode)
{
    return mode->python != NULL ? GROUP_PYTHON : GROUP_C;
}

static bool takes_part(const bench_run *bench, const bench_mode *mode,
                       int64_t n)
{
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
// same mode that is small and not noted: then that one pays.
static int64_t measure(const bench_run *bench, const bench_mode *mode,
                       int64_t n)
{
    int64_t smallest = bench->question->sizes[bench->effort][0];
    if (run_once(mode, smallest) == -1) {
        return -1;
    }
    return run_once(mode, n);
}

static int rounds_for(const bench_run *bench, int64_t ns)
{
    double rounds = efforts[bench->effort].seconds * 1e9 / (double)(ns + 1);
    if (rounds < efforts[bench->effort].least) {
        return efforts[bench->effort].least;
    }
    if (rounds > efforts[bench->effort].most) {
        return efforts[bench->effort].most;
    }
    return (int)rounds;
}

// Runs each mode once, notes nothing, and plans by what it took.
static int warm_up(const bench_run *bench, int64_t n, int rounds[GROUPS])
{
    int64_t took[GROUPS] = { 0 };
    for (const bench_mode *m = bench->question->modes; m->name != NULL; m++) {
        if (!takes_part(bench, m, n)) {
            continue;
        }
        int64_t begin = bench_now();
        if (measure(bench, m, n) == -1) {
            return -1;
        }
        took[group_of(m)] += bench_now() - begin;
    }
    for (int group = 0; group < GROUPS; group++) {
        rounds[group] = took[group] > 0 ? rounds_for(bench, took[group]) : 0;
    }
    return 0;
}

// One group after the other, each other round backwards. So a mode and its
// control, at the two ends of their group, follow the same modes equally often.
static int run_group(bench_run *bench, int64_t n, int round, int group)
{
    const bench_mode *modes = bench->question->modes;
    int count = 0;
    while (modes[count].name != NULL) {
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

static int measure_size(bench_run *bench, int64_t n)
{
    int rounds[GROUPS];
    if (warm_up(bench, n, rounds) == -1) {
        return -1;
    }
    int most = rounds[GROUP_C] > rounds[GROUP_PYTHON] ? rounds[GROUP_C]
                                                      : rounds[GROUP_PYTHON];
    for (int round = 1; round <= most; round++) {
        show_progress(bench, n, round, most);
        for (int group = 0; group < GROUPS; group++) {
            if (round <= rounds[group] &&
                run_group(bench, n, round, group) == -1) {
                return -1;
            }
        }
    }
    return 0;
}

static int measure_all(bench_run *bench)
{
    if (note_question(bench) == -1 || note_machine(bench) == -1 ||
        open_python(bench) == -1 || note_modes(bench) == -1) {
        return -1;
    }
    const int64_t *sizes = bench->question->sizes[bench->effort];
    int result = 0;
    for (int i = 0; sizes[i] != 0 && result == 0; i++) {
        result = measure_size(bench, sizes[i]);
    }
    if (isatty(STDERR_FILENO)) {
        fprintf(stderr, "\r\033[K");
    }
    python_close();
    return result;
}

// ---- the program ----------------------------------------------------------

static bool parse_effort(const char *name, bench_effort *effort)
{
    for (int i = 0; i < BENCH_EFFORTS; i++) {
        if (strcmp(name, efforts[i].name) == 0) {
            *effort = (bench_effort)i;
            return true;
        }
    }
    return false;
}

int bench_main(int argc, char **argv, const bench_question *question)
{
    mp_main(argc, argv);
    bench_run bench = { .question = question };
    if (argc != 3 || !parse_effort(argv[1], &bench.effort)) {
        fprintf(stderr, "usage: %s tiny|quick|normal|full FILE\n",
                question->name);
        return 2;
    }
    fprintf(stderr, "%s: measuring, %s\n", question->name, argv[1]);
    int result = measure_all(&bench);
    if (result == 0) {
        result = raw_write(&bench.data, argv[2]);
    }
    if (result == -1) {
        fprintf(stderr, "%s: %s\n", question->name, mp_error());
    }
    raw_free(&bench.data);
    return result == 0 ? 0 : 1;
}
