#define _GNU_SOURCE

#include "bench.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ways.h"

// How much an effort may take.
static const struct {
    const char *name;
    int least, most;  // rounds, whatever time they take
    double seconds;   // for all of a question, unless `least` takes longer
    double one_run;   // seconds: after such a run n grows no further
} efforts[] = {
    { "quick", 5, 31, 3, 0.08 },
    { "normal", 5, 51, 13, 0.2 },
    { "full", 15, 101, 180, 2 },
};
enum { QUICK, EFFORTS = 3 };

enum { SIZES_MOST = 64, ROWS_MOST = 32 };

// A mode on one CPU or on two, or its control. The slower it is, the fewer
// rounds it takes part in.
typedef struct {
    const bench_mode *mode;
    int cpus;
    char name[48], python[48];
    int rounds[SIZES_MOST];
    bool over;  // larger n would take too long
} row;

int bench_cpus = 1;

static struct {
    int effort;
    bool tiny;  // for tests: two sizes, three rounds
    FILE *file;
    long samples;
    peer python;
    row row[ROWS_MOST];
    int rows, sizes;  // how many there are
} run;

// ---- for questions --------------------------------------------------------

const int64_t *bench_sizes(void)
{
    bool quick = run.effort == QUICK && question.quick != NULL;
    return quick ? question.quick : question.sizes;
}

int64_t bench_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void bench_fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "%s: ", question.name);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

void must(int result)
{
    if (result == -1) {
        bench_fail("%s", mp_error());
    }
}

int64_t need(int64_t result, const char *call)
{
    if (result == -1) {
        bench_fail("%s: %s", call, strerror(errno));
    }
    return result;
}

void bench_fact(const char *key, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(run.file, "# %s: ", key);
    vfprintf(run.file, format, arguments);
    fputc('\n', run.file);
    va_end(arguments);
}

int64_t bench_mean(void (*call)(void), int64_t n)
{
    int64_t begin = bench_now();
    for (int64_t i = 0; i < n; i++) {
        call();
    }
    return (bench_now() - begin) / n;
}

// ---- one run --------------------------------------------------------------

static int64_t run_once(const row *r, int64_t n)
{
    const bench_mode *mode = r->mode;
    bench_cpus = r->cpus;
    int64_t ns = mode->python != NULL ? peer_ask(&run.python, r->python, n)
                 : mode->call != NULL ? bench_mean(mode->call, n)
                                      : mode->run(n, mode->arg);
    return ns > 0 ? ns : 1;
}

// A run pays for what the mode before it left behind: cold caches, or pages to
// copy at the first write after a fork. So another run of the same mode goes
// before it, which is not noted. Where a run is long this is left out: it would
// spare little.
static int64_t measure_here(const row *r, int64_t n)
{
    int64_t begin = bench_now();
    int64_t first = run_once(r, n);
    bool is_long = bench_now() - begin > 20000000;
    return is_long ? first : run_once(r, n);
}

static int64_t measure(const row *r, int64_t n)
{
    static int64_t *ns;  // in shared memory
    if (!r->mode->forked) {
        return measure_here(r, n);
    }
    ns = ns != NULL ? ns : mp_value(int64_t, 0);
    must(ns != NULL ? 0 : -1);
    pid_t pid = (pid_t)need(fork(), "fork");
    if (pid == 0) {
        *ns = measure_here(r, n);
        _exit(0);
    }
    ways_wait(pid);
    return *ns;
}

// ---- rounds ---------------------------------------------------------------

// How many rounds there is time for, if one takes so many nanoseconds.
static int rounds_for(int64_t ns)
{
    double seconds = efforts[run.effort].seconds / run.sizes / run.rows;
    double rounds = seconds * 1e9 / (double)(ns + 1);
    double least = efforts[run.effort].least, most = efforts[run.effort].most;
    rounds = rounds < least ? least : rounds > most ? most : rounds;
    return run.tiny ? 3 : (int)rounds;
}

// Runs each row, notes nothing, and plans its rounds by what that took.
static void plan(int i)
{
    for (row *r = run.row; r < run.row + run.rows; r++) {
        int64_t n = bench_sizes()[i], most = r->mode->largest;
        if (r->over || (most > 0 && n > most)) {
            continue;
        }
        measure(r, n);  // may make a pool, which is not counted
        int64_t begin = bench_now();
        int64_t ns = measure(r, n);
        r->rounds[i] = rounds_for(bench_now() - begin);
        r->over = (double)ns > efforts[run.effort].one_run * 1e9;
    }
}

// All rows at one size once; every second round backwards. Returns whether any
// was left.
static bool run_round(int i, int round)
{
    bool any = false;
    for (int at = 0; at < run.rows; at++) {
        const row *r = &run.row[round % 2 == 0 ? run.rows - 1 - at : at];
        if (round <= r->rounds[i]) {
            int64_t n = bench_sizes()[i];
            fprintf(run.file, "%d\t%s\t%" PRId64 "\t%" PRId64 "\n", round,
                    r->name, n, measure(r, n));
            run.samples++;
            any = true;
        }
    }
    return any;
}

// All rounds of the sizes from `first` up to before `end`.
static void measure_sizes(int first, int end)
{
    bool any = true;
    for (int round = 1; any; round++) {
        any = false;
        for (int i = first; i < end; i++) {
            int at = round % 2 == 0 ? first + end - 1 - i : i;
            if (isatty(STDERR_FILENO)) {  // one line that changes
                fprintf(stderr, "\r\033[K%s: n = %" PRId64 ", round %d",
                        question.name, bench_sizes()[at], round);
            }
            any = run_round(at, round) || any;
        }
    }
}

static void measure_rounds(void)
{
    int step = question.by_size ? 1 : run.sizes;
    for (int first = 0; first < run.sizes; first += step) {
        for (int i = first; i < first + step; i++) {
            plan(i);
        }
        measure_sizes(first, first + step);
    }
}

// ---- the program ----------------------------------------------------------

static bool has_python(void)
{
    bool wanted = false;
    for (const bench_mode *mode = question.modes; mode->name != NULL; mode++) {
        wanted |= mode->python != NULL;
    }
    // -B: no compiled copy of the script is left beside it.
    bool there = wanted && peer_open(&run.python, (char *[]){
        "python3", "-B", "bench/python.py", NULL });
    if (there) {
        bench_fact("python", "%s", run.python.says);
    } else if (wanted) {
        fprintf(stderr, "%s: there is no python3, so Python is left out "
                        "(package python3)\n", question.name);
    }
    return there;
}

static void add_row(const bench_mode *mode, int cpus, const char *control)
{
    row *r = &run.row[run.rows++];
    r->mode = mode;
    r->cpus = cpus;
    snprintf(r->name, sizeof r->name, "%s%s%s", mode->name,
             cpus == 2 ? ", 2 CPUs" : "", control);
    if (mode->python != NULL) {
        snprintf(r->python, sizeof r->python,
                 question.apart ? "%s %d" : "%s", mode->python, cpus);
    }
}

// All modes on one CPU, then on two, and then the controls, backwards.
static void list_rows(int cpus_most)
{
    bool python = has_python();
    for (int cpus = 1; cpus <= cpus_most; cpus++) {
        for (const bench_mode *mode = question.modes; mode->name; mode++) {
            if (mode->python == NULL || python) {
                add_row(mode, cpus, "");
            }
        }
    }
    for (int i = run.rows - 1; i >= 0; i--) {
        if (run.row[i].mode->again) {
            add_row(run.row[i].mode, run.row[i].cpus, " again");
        }
    }
}

// Lists rows and sizes, and says what is left out.
static void choose(int cpus)
{
    list_rows(question.apart && cpus > 1 ? 2 : 1);
    if (question.apart && cpus == 1) {
        bench_fact("remark", "one usable CPU, so nothing is measured on two");
    }
    const int64_t *n = bench_sizes();
    while (*n != 0 && (run.sizes < 2 || !run.tiny) &&
           (question.largest == 0 || *n <= question.largest)) {
        run.sizes++;
        n++;
    }
    if (*n != 0 && !run.tiny) {
        bench_fact("left_out", "no memory for n = %" PRId64 " and above", *n);
    }
    if (run.sizes == 0) {
        bench_fail("there is no memory for the smallest n");
    }
}

// All of the measuring, in the process that is watched.
static void measure_all(const char *path)
{
    run.file = fopen(path, "w");
    if (run.file == NULL) {
        bench_fail("%s: %s", path, strerror(errno));
    }
    bench_fact("question", "%s", question.name);
    bench_fact("asks", "%s", question.asks);
    bench_fact("effort", "%s", efforts[run.effort].name);
    bench_fact("unit", "%s", question.unit != NULL ? question.unit : "");
    bench_fact("pinned", "%d", question.pinned);
    machine_describe();
    int cpus = machine_usable_cpus();  // before any pinning
    if (question.pinned > 0) {
        machine_pin(question.pinned, question.pinned);
    }
    if (question.prepare != NULL) {
        question.prepare();
    }
    choose(cpus);
    fprintf(run.file, "round\tmode\tn\tnanoseconds\n");
    measure_rounds();
    if (isatty(STDERR_FILENO)) {
        fprintf(stderr, "\r\033[K");
    }
    bench_fact("samples", "%ld", run.samples);
    if (fclose(run.file) != 0) {
        bench_fail("%s: %s", path, strerror(errno));
    }
}

// The process that watches adds the last line, and then the file is whole.
static int watch(char **argv, const char *path, const char *unfinished)
{
    double others;
    setenv("BENCH_WATCHED", "1", 1);
    int status = machine_run_watched(argv, &others);
    if (status != 0) {
        unlink(unfinished);
        return status;
    }
    run.file = fopen(unfinished, "a");
    if (run.file == NULL ||
        fprintf(run.file, "# others: %.2f\n", others) < 0 ||
        fclose(run.file) != 0 || rename(unfinished, path) == -1) {
        bench_fail("%s: %s", path, strerror(errno));
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], BENCH_NOTHING) == 0) {
        return 0;
    }
    // A spawned child begins here, too, and goes no further.
    mp_main(argc, argv);
    run.tiny = getenv("BENCH_TINY") != NULL;
    while (run.effort < EFFORTS && argc == 3 &&
           strcmp(argv[1], efforts[run.effort].name) != 0) {
        run.effort++;
    }
    if (argc != 3 || run.effort == EFFORTS) {
        fprintf(stderr, "usage: %s quick|normal|full FILE\n", question.name);
        return 2;
    }
    char unfinished[4096];
    snprintf(unfinished, sizeof unfinished, "%s.new", argv[2]);
    if (getenv("BENCH_WATCHED") == NULL) {
        fprintf(stderr, "%s: measuring, %s\n", question.name, argv[1]);
        return watch(argv, argv[2], unfinished);
    }
    measure_all(unfinished);
    return 0;
}
