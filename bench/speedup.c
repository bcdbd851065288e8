// How many times as fast is the same work by p processes? n is p, and the work
// stays the same, however many share it: the sum of a fixed number of numbers.
// Whoever does it alone starts nobody. The time of the others has all of their
// starts and joins in it. So the speed-up is what a program would really gain.

#include "platform.h"

#include "bench.h"

#include <errno.h>
#include <pthread.h>

#include "compare.h"
#include "machine.h"
#include "mp.h"
#include "ways.h"

static int64_t work;  // numbers to add

// ---- the work -------------------------------------------------------------

// One part of it: from, from + 1, .. to - 1.
typedef struct {
    int64_t from;
    int64_t to;
} part;

// The empty assembler statement keeps the compiler from replacing the loop by a
// formula: bench/sum.c explains it.
__attribute__((noinline)) static uint64_t sum(int64_t from, int64_t to)
{
    uint64_t add = 0;
    for (int64_t i = from; i < to; i++) {
        add += (uint64_t)i;
        __asm__ volatile("" : "+r"(add));
    }
    return add;
}

// The sum of 0 .. n-1.
static uint64_t formula(int64_t n)
{
    return (uint64_t)n * (uint64_t)(n - 1) / 2;
}

static int sum_checked(part mine)
{
    if (sum(mine.from, mine.to) != formula(mine.to) - formula(mine.from)) {
        return mp_fail(ERANGE, "the sum of %lld .. %lld - 1 came out wrong",
                       (long long)mine.from, (long long)mine.to);
    }
    return 0;
}

// Part i of p. All have the same length, but for a number more or less.
static part part_of(int64_t i, int64_t p)
{
    return (part){ work * i / p, work * (i + 1) / p };
}

static int64_t alone(int64_t p)
{
    (void)p;
    int64_t begin = bench_now();
    if (sum_checked(part_of(0, 1)) == -1) {
        return -1;
    }
    return bench_now() - begin;
}

// ---- by processes ---------------------------------------------------------

static int child(void *args)
{
    const part *mine = args;
    return sum_checked(*mine) == -1 ? 1 : 0;
}

// Returns how many processes run, which are p unless one failed.
static int64_t start_all(mp_process *started, int64_t p)
{
    for (int64_t i = 0; i < p; i++) {
        part mine = part_of(i, p);
        if (mp_process_init(&started[i], .target = child, MP_ARGS(mine),
                            .context = mp_get_context("fork")) == -1) {
            return i;
        }
        if (mp_process_start(&started[i]) == -1) {
            mp_process_close(&started[i]);
            return i;
        }
    }
    return p;
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
static int64_t processes(int64_t p)
{
    mp_process *started = malloc((size_t)p * sizeof *started);
    if (started == NULL) {
        return mp_fail(ENOMEM, "no memory for %lld processes", (long long)p);
    }
    int64_t begin = bench_now();
    int64_t count = start_all(started, p);
    int result = count == p ? 0 : -1;
    for (int64_t i = 0; i < count; i++) {
        if (join_checked(&started[i]) == -1) {
            result = -1;
        }
    }
    int64_t took = bench_now() - begin;
    free(started);
    return result == -1 ? -1 : took;
}

// ---- by threads -----------------------------------------------------------

typedef struct {
    pthread_t id;
    part mine;
    int result;
} thread;

static void *in_thread(void *args)
{
    thread *self = args;
    self->result = sum_checked(self->mine);
    return NULL;
}

static int64_t thread_count;  // for the function without parameters

static int by_threads(void)
{
    int64_t p = thread_count, count = 0;
    int result = 0;
    thread *started = malloc((size_t)p * sizeof *started);
    if (started == NULL) {
        return mp_fail(ENOMEM, "no memory for %lld threads", (long long)p);
    }
    for (; count < p; count++) {
        thread *next = &started[count];
        next->mine = part_of(count, p);
        if (pthread_create(&next->id, NULL, in_thread, next) != 0) {
            result = mp_fail(EAGAIN, "cannot start a thread");
            break;
        }
    }
    for (int64_t i = 0; i < count; i++) {
        pthread_join(started[i].id, NULL);
        result = started[i].result == -1 ? -1 : result;
    }
    free(started);
    return result;
}

// In a process of their own: one that has had a thread forks more slowly for
// ever, and the processes would pay for it.
static int64_t threads(int64_t p)
{
    thread_count = p;
    return ways_mean_apart(by_threads, 1);
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
