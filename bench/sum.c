// The sum of 0 .. n-1, three times: one process does it three times over, or
// three processes do it once each, or three threads. When is it worth to start
// them?

#include "bench.h"

#include <errno.h>
#include <pthread.h>

#include "mp.h"
#include "ways.h"

enum { TIMES = 3 };

// Compilers know that 0 + 1 + .. + n-1 is n(n-1)/2. At -O2 clang replaces this
// loop by that formula, and gcc by its result wherever it knows n: then we
// would measure nothing. The empty assembler statement prevents it. It has no
// instructions, but it tells the compiler that `add` is read and changed there
// in a way that it cannot see. So each round of the loop must really make its
// addition, in a register, before the next may begin. The price: the compiler
// may not make several additions at once either, with vector instructions. We
// measure one addition after the other, as written.
//
// It is never inlined, so that every mode runs the very same instructions.
__attribute__((noinline)) static uint64_t sum(int64_t n)
{
    uint64_t add = 0;
    for (int64_t i = 0; i < n; i++) {
        add += (uint64_t)i;
        __asm__ volatile("" : "+r"(add));
    }
    return add;
}

// Does the sum once, and checks it against the formula.
static int sum_checked(int64_t n)
{
    uint64_t right = (uint64_t)n * (uint64_t)(n - 1) / 2;
    if (sum(n) != right) {
        return mp_fail(ERANGE, "the sum of 0 .. %lld - 1 came out wrong",
                       (long long)n);
    }
    return 0;
}

static int64_t one_process(int64_t n)
{
    int64_t begin = bench_now();
    for (int i = 0; i < TIMES; i++) {
        if (sum_checked(n) == -1) {
            return -1;
        }
    }
    return bench_now() - begin;
}

static int child(void *args)
{
    const int64_t *n = args;
    return sum_checked(*n) == -1 ? 1 : 0;
}

// Constructs and starts; returns how many processes run, which are TIMES unless
// one failed.
static int start_all(mp_process *processes, int64_t n)
{
    for (int i = 0; i < TIMES; i++) {
        if (mp_process_init(&processes[i], .target = child, MP_ARGS(n),
                            .context = mp_get_context("fork")) == -1) {
            return i;
        }
        if (mp_process_start(&processes[i]) == -1) {
            mp_process_close(&processes[i]);
            return i;
        }
    }
    return TIMES;
}

static int join_checked(mp_process *process)
{
    if (mp_process_join(process, MP_FOREVER) == -1) {
        return -1;
    }
    int exitcode = mp_process_exitcode(process);
    if (mp_process_close(process) == -1) {
        return -1;
    }
    if (exitcode != 0) {
        return mp_fail(ECHILD, "a child ended with exit code %d", exitcode);
    }
    return 0;
}

// What has been started is joined, whatever else fails.
static int64_t three_processes(int64_t n)
{
    mp_process processes[TIMES];
    int64_t begin = bench_now();
    int started = start_all(processes, n);
    int result = started == TIMES ? 0 : -1;
    for (int i = 0; i < started; i++) {
        if (join_checked(&processes[i]) == -1) {
            result = -1;
        }
    }
    return result == -1 ? -1 : bench_now() - begin;
}

// ---- by threads -----------------------------------------------------------

typedef struct {
    pthread_t id;
    int64_t n;
    int result;
} thread;

static void *in_thread(void *args)
{
    thread *self = args;
    self->result = sum_checked(self->n);
    return NULL;
}

static int64_t n_of_threads;  // for the function without parameters

static int by_threads(void)
{
    thread threads[TIMES];
    int started = 0, result = 0;
    for (; started < TIMES; started++) {
        threads[started].n = n_of_threads;
        if (pthread_create(&threads[started].id, NULL, in_thread,
                           &threads[started]) != 0) {
            result = mp_fail(EAGAIN, "cannot start a thread");
            break;
        }
    }
    for (int i = 0; i < started; i++) {
        pthread_join(threads[i].id, NULL);
        result = threads[i].result == -1 ? -1 : result;
    }
    return result;
}

// In a process of their own: one that has had a thread forks more slowly for
// ever, and the processes would pay for it.
static int64_t three_threads(int64_t n)
{
    n_of_threads = n;
    return ways_mean_apart(by_threads, 1);
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
