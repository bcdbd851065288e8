// How many items should a worker take at once? README.md says more.
//
// n is the chunksize; a sample is the time of one map. Items and results lie in
// shared memory, so that nothing is copied. There are two workers, pinned to
// two CPUs. Each kind of task has so many items that a map takes some
// milliseconds. Python's default chunksize is the items by 4 times the workers.
//
// A task is a loop of so many turns. How many take 10 ns, 1 us and 100 us is
// measured before all else; to call the task comes on top of that. (A task that
// looked at the clock itself could be no shorter than a look.)

#include "bench.h"

#include <stddef.h>
#include <stdio.h>

enum { WORKERS = 2, KINDS = 4, PYTHON_ITEMS = 128 };  // and bench/python.py

// ---- the task -------------------------------------------------------------

// The empty assembler statement keeps the compiler from putting a formula in
// the place of the loop (adding.c says more).
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

// How many turns take so many nanoseconds, by the best of 27 tries, since
// whatever else runs can only make a try longer.
static uint32_t calibrate(double ns)
{
    uint32_t turns = 100000, result;
    int64_t best = INT64_MAX;
    for (int try = 0; try < 27; try++) {
        int64_t begin = bench_now();
        spin(&turns, &result);
        int64_t took = bench_now() - begin;
        best = took < best ? took : best;
    }
    return (uint32_t)(ns * turns / (double)best + 0.5);
}

// ---- the kinds of tasks ---------------------------------------------------

typedef struct {
    double ns;                  // of a task; of an uneven one, on average
    bool uneven;
    int64_t n;                  // of items
    uint32_t *items, *results;  // turns, and their sums
} kind;

static kind kinds[KINDS] = {
    { 10, false, 131072, NULL, NULL },
    { 1000, false, 4096, NULL, NULL },
    { 100000, false, 64, NULL, NULL },
    { 1000, true, 4096, NULL, NULL },
};

// Of uneven tasks, a 32nd part takes 16 times the average, and so half of the
// whole time; all others take half of the average. The long ones stand side by
// side, from the middle of the items on.
static void make_items(kind *k)
{
    uint32_t turns = calibrate(k->ns);
    k->items = mp_shm_alloc((size_t)k->n * sizeof *k->items);
    k->results = mp_shm_alloc((size_t)k->n * sizeof *k->results);
    must(k->items == NULL || k->results == NULL ? -1 : 0);
    for (int64_t i = 0; i < k->n; i++) {
        bool is_long = i >= k->n / 2 && i < k->n / 2 + k->n / 32;
        k->items[i] = !k->uneven ? turns : is_long ? 16 * turns
                                                   : (turns + 1) / 2;
    }
}

// ---- the modes ------------------------------------------------------------

static mp_pool *pool;

static int64_t map(int64_t chunksize, int arg)
{
    const kind *k = &kinds[arg];
    int64_t begin = bench_now();
    must(mp_pool_map(pool, spin, .items = k->items,
                     .item_size = sizeof *k->items, .count = (size_t)k->n,
                     .results = k->results, .result_size = sizeof *k->results,
                     .chunksize = (size_t)chunksize));
    int64_t took = bench_now() - begin;
    for (int64_t i = 0; i < k->n; i++) {
        uint64_t turns = k->items[i];
        if (k->results[i] != (uint32_t)(turns * (turns - 1) / 2)) {
            bench_fail("the result of a task came out wrong");
        }
    }
    return took;
}

// The kinds, in their order.
static bench_mode modes[] = {
    { .name = "10 ns", .run = map, .arg = 0, .again = true },
    { .name = "1 µs", .run = map, .arg = 1, .again = true },
    { .name = "100 µs", .run = map, .arg = 2, .again = true },
    { .name = "uneven", .run = map, .arg = 3, .again = true },
    { .name = "Python", .python = "chunk", .largest = PYTHON_ITEMS },
    { .name = NULL },
};

// With the default of each kind, and all of its items.
static const int64_t sizes[] = { 1,   4,    8,    16,    64,     256,
                                 512, 1024, 4096, 16384, 131072, 0 };

static void prepare(void)
{
    for (int i = 0; i < KINDS; i++) {
        kind *k = &kinds[i];
        char key[32];
        make_items(k);
        modes[i].largest = k->n;
        snprintf(key, sizeof key, "default of %s", modes[i].name);
        bench_fact(key, "%lld", (long long)(k->n / (4 * WORKERS)));
    }
    bench_fact("default of Python", "%d", PYTHON_ITEMS / (4 * WORKERS));
    pool = mp_pool_new(.processes = WORKERS,
                       .context = mp_get_context("fork"));
    must(pool != NULL ? 0 : -1);
}

bench_question question = {
    .name = "chunksize",
    .asks = "How many items should a worker take at once?",
    .modes = modes,
    .sizes = sizes,
    .pinned = WORKERS,
    .prepare = prepare,
};
