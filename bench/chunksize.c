// How many items should a worker take at once? A small chunk costs a way to the
// board for few items; a large one may leave a worker with nothing to do while
// the other still has much. How much either weighs depends on the tasks: here
// there are short ones, long ones and uneven ones.
//
// n is the chunksize; a sample is the time of one map. Items and results lie in
// shared memory, so that nothing is copied. There are two workers, pinned to
// two CPUs, or to one where there is no other. Each kind of task has so many
// items that a map takes some milliseconds, and Python's default is their
// number by 4 times the workers.
//
// A task is a loop of so many turns. How many make 10 ns, 1 µs and 100 µs is
// found out once, before all else, with the clock: `calibrate` says how. A task
// that looked at the clock itself could be no shorter than a look.

#include "base/platform.h"

#include "bench.h"

#include <errno.h>

#include "mp.h"

enum { WORKERS = 2, KINDS = 4 };

// ---- the task -------------------------------------------------------------

// The empty assembler statement keeps the compiler from putting a formula in
// the place of the loop: sum.c tells more.
static int spin(const void *arg, void *result)
{
    const uint32_t *turns = arg;
    uint32_t sum = 0;
    for (uint32_t i = 0; i < *turns; i++) {
        sum += i;
        __asm__ volatile("" : "+r"(sum));
    }
    *(uint32_t *)result = sum;
    return 0;
}

static uint32_t right_sum(uint32_t turns)
{
    return (uint32_t)((uint64_t)turns * (turns - (uint64_t)1) / 2);
}

// Nanoseconds of one task, the call included, the best of some tries: whatever
// else runs can only make it longer. It is called as a worker calls it, through
// a pointer that the compiler cannot see through, one task after the other.
static double time_of(uint32_t turns, int64_t calls)
{
    int (*volatile chosen)(const void *, void *) = spin;
    int (*function)(const void *, void *) = chosen;
    double best = 0;
    for (int i = 0; i < 9; i++) {
        uint32_t result;
        int64_t begin = bench_now();
        for (int64_t call = 0; call < calls; call++) {
            function(&turns, &result);
        }
        double ns = (double)(bench_now() - begin) / (double)calls;
        best = i == 0 || ns < best ? ns : best;
    }
    return best;
}

// How many turns make a task of so many nanoseconds. It begins with a guess and
// corrects it by what that takes, twice more: a call is no turn, so that the
// time is not quite proportional.
static uint32_t calibrate(double ns)
{
    int64_t calls = 1 + (int64_t)(200000 / ns);
    double turns = ns;
    for (int i = 0; i < 3; i++) {
        turns *= ns / time_of((uint32_t)turns, calls);
        turns = turns < 1 ? 1 : turns;
    }
    return (uint32_t)(turns + 0.5);
}

// ---- the kinds of tasks ---------------------------------------------------

typedef struct {
    double ns;                     // of a task
    int64_t count[BENCH_EFFORTS];  // of items
    bool uneven;
    int64_t n;                     // of items, at this effort
    uint32_t turns;                // of a task; of an uneven one, on average
    uint32_t *items, *results;     // turns, and their sums
} kind;

static kind kinds[KINDS] = {
    { .ns = 10, .count = { 64, 65536, 262144, 262144 } },
    { .ns = 1000, .count = { 64, 2048, 4096, 4096 } },
    { .ns = 100000, .count = { 8, 32, 64, 64 } },
    { .ns = 1000, .count = { 64, 2048, 4096, 4096 }, .uneven = true },
};

// Of uneven tasks, all take half of the average, but for every 32nd part of
// them, which take 16 times the average, and so half of the whole time. These
// stand side by side, beginning in the middle: neither as early as would suit
// large chunks best, nor as late as would suit them worst.
static uint32_t turns_of(const kind *k, int64_t item)
{
    if (!k->uneven) {
        return k->turns;
    }
    int64_t first = k->n / 2;
    bool dear = item >= first && item < first + k->n / 32;
    return dear ? 16 * k->turns : (k->turns + 1) / 2;
}

static int make_items(kind *k)
{
    size_t size = (size_t)k->n * sizeof *k->items;
    k->items = mp_shm_alloc(size);
    k->results = mp_shm_alloc(size);
    if (k->items == NULL || k->results == NULL) {
        return -1;
    }
    for (int64_t i = 0; i < k->n; i++) {
        k->items[i] = turns_of(k, i);
    }
    return 0;
}

static int check_results(const kind *k)
{
    for (int64_t i = 0; i < k->n; i++) {
        if (k->results[i] != right_sum(k->items[i])) {
            return mp_fail(ERANGE, "the result of task %lld came out wrong",
                           (long long)i);
        }
    }
    return 0;
}

// ---- the modes ------------------------------------------------------------

static mp_pool *pool;

static int64_t map(const kind *k, int64_t chunksize)
{
    if (pool == NULL) {
        pool = mp_pool_new(.processes = WORKERS,
                           .context = mp_get_context("fork"));
    }
    if (pool == NULL) {
        return -1;
    }
    int64_t begin = bench_now();
    if (mp_pool_map(pool, spin, .items = k->items,
                    .item_size = sizeof *k->items, .count = (size_t)k->n,
                    .results = k->results, .result_size = sizeof *k->results,
                    .chunksize = (size_t)chunksize) == -1) {
        return -1;
    }
    int64_t took = bench_now() - begin;
    return check_results(k) == -1 ? -1 : took;
}

static int64_t of_10_ns(int64_t n)
{
    return map(&kinds[0], n);
}

static int64_t of_1_us(int64_t n)
{
    return map(&kinds[1], n);
}

static int64_t of_100_us(int64_t n)
{
    return map(&kinds[2], n);
}

static int64_t of_uneven(int64_t n)
{
    return map(&kinds[3], n);
}

// Python's Pool has far fewer items, and squares them: its tasks are nearly all
// way, so that little would be seen of their kinds. chunksize.py knows how many
// they are.
#define PYTHON "Python"
enum { PYTHON_ITEMS = 128 };

// In the order of `kinds`, then their controls, backwards, and Python.
static bench_mode modes[] = {
    { .name = "10 ns", .run = of_10_ns },
    { .name = "1 µs", .run = of_1_us },
    { .name = "100 µs", .run = of_100_us },
    { .name = "uneven", .run = of_uneven },
    { .name = "uneven again", .run = of_uneven, .control_of = "uneven" },
    { .name = "100 µs again", .run = of_100_us, .control_of = "100 µs" },
    { .name = "1 µs again", .run = of_1_us, .control_of = "1 µs" },
    { .name = "10 ns again", .run = of_10_ns, .control_of = "10 ns" },
    { .name = PYTHON, .python = "map",
      .by_default = PYTHON_ITEMS / (4 * WORKERS) },
    { .name = PYTHON " again", .python = "map", .control_of = PYTHON },
    { .name = NULL },
};

// The largest is all items of 10 ns in one chunk. The numbers of items are
// powers of 2, so that each default is among these.
static const int64_t tiny[] = { 1, 2, 8, 64, 0 };
static const int64_t quick[] = { 1,   4,    8,    16,   32,    64,
                                 256, 1024, 2048, 8192, 65536, 0 };
static const int64_t normal[] = { 1,    2,    4,     8,     16,    32,   64,
                                  128,  256,  512,   1024,  2048,  4096, 8192,
                                  16384, 32768, 65536, 131072, 262144, 0 };

// ---- before and after -----------------------------------------------------

static int prepare(bench_question *question)
{
    static char remark[200];
    for (int i = 0; i < KINDS; i++) {
        kind *k = &kinds[i];
        k->n = k->count[question->effort];
        k->turns = k->uneven ? kinds[1].turns : calibrate(k->ns);
        if (make_items(k) == -1) {
            return -1;
        }
        modes[i].largest = modes[2 * KINDS - 1 - i].largest = k->n;
        modes[i].by_default = (k->n + 4 * WORKERS - 1) / (4 * WORKERS);
    }
    snprintf(remark, sizeof remark,
             "2 workers; calibrated: loops of %u, %u and %u turns; %lld, %lld, "
             "%lld and (uneven) %lld items", kinds[0].turns, kinds[1].turns,
             kinds[2].turns, (long long)kinds[0].n, (long long)kinds[1].n,
             (long long)kinds[2].n, (long long)kinds[3].n);
    question->remark = remark;
    return 0;
}

static void finish(void)
{
    mp_pool_free(pool);
    for (int i = 0; i < KINDS; i++) {
        mp_shm_free(kinds[i].items);
        mp_shm_free(kinds[i].results);
    }
}

static const bench_question question = {
    .name = "chunksize",
    .asks = "How many items should a worker take at once?",
    .modes = modes,
    .sizes = { tiny, quick, normal, normal },
    .python = "bench/chunksize.py",
    .python_max = { 64, 0, PYTHON_ITEMS, PYTHON_ITEMS },  // no time if quick
    .pinned = WORKERS,
    .share = 1.5,
    .same_n_before = true,
    .round_of_all = true,
    .prepare = prepare,
    .finish = finish,
};

int main(int argc, char **argv)
{
    return bench_main(argc, argv, &question);
}
