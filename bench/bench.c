#include "base/platform.h"

#include "bench.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "mp.h"
#include "notes.h"
#include "others.h"
#include "python.h"
#include "raw.h"
#include "rounds.h"

int64_t bench_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

// ---- measuring ------------------------------------------------------------

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

static int measure_all(bench_run *bench)
{
    const bench_question *question = bench->question;
    raw_data *data = &bench->data;
    const char *effort = rounds_efforts[bench->effort].name;
    if (notes_question(data, question, effort) == -1 ||
        notes_machine(data, question) == -1 ||
        notes_left_out(data, question, bench->effort) == -1 ||
        open_python(bench) == -1 ||
        notes_modes(data, question, bench->has_python) == -1) {
        return -1;
    }
    int result = 0;
    int parts = rounds_parts(question);
    others_mark begin = others_begin();
    for (int part = 0; part < parts && result == 0; part++) {
        bench->part = part;
        result = rounds_measure(bench);
    }
    if (isatty(STDERR_FILENO)) {
        fprintf(stderr, "\r\033[K");
    }
    // Before anything ends: what has ended is not counted as ours.
    result = result == 0 ? notes_others(data, &begin) : -1;
    if (question->finish != NULL) {
        question->finish();
    }
    python_close();
    return result;
}

// ---- the program ----------------------------------------------------------

static bool parse_effort(const char *name, bench_effort *effort)
{
    for (int i = 0; i < BENCH_EFFORTS; i++) {
        if (strcmp(name, rounds_efforts[i].name) == 0) {
            *effort = (bench_effort)i;
            return true;
        }
    }
    return false;
}

int bench_main(int argc, char **argv, const bench_question *record)
{
    // First of all: a spawned child begins here, too, and goes no farther.
    mp_main(argc, argv);
    bench_question copy = *record;
    bench_question *question = &copy;
    bench_run bench = { .question = question };
    if (argc != 3 || !parse_effort(argv[1], &bench.effort)) {
        fprintf(stderr, "usage: %s tiny|quick|normal|full FILE\n",
                question->name);
        return 2;
    }
    question->effort = bench.effort;
    fprintf(stderr, "%s: measuring, %s\n", question->name, argv[1]);
    int result = question->prepare != NULL ? question->prepare(question) : 0;
    if (result == 0) {
        result = measure_all(&bench);
    }
    if (result == 0) {
        result = raw_write(&bench.data, argv[2]);
    }
    if (result == -1) {
        fprintf(stderr, "%s: %s\n", question->name, mp_error());
    }
    raw_free(&bench.data);
    return result == 0 ? 0 : 1;
}
