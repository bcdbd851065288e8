// What does one item of a map cost? README.md says more.
//
// n is the number of items, which are int64; a sample is the time of one map by
// two workers, or by two threads of OpenMP. Chunks are as Python would cut
// them: the items by 4 times the workers. All is pinned to two CPUs.

#define _GNU_SOURCE

#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "square.h"

enum { WORKERS = 2 };

// ---- items ----------------------------------------------------------------

// Made once, for the largest n. n is how many of them a map takes.
enum { ORDINARY, SHARED, LOOP, PYTHON, OPENMP };  // the modes

static squares all[2];
static mp_pool *pool;
static mp_barrier *touched;  // in shared memory

// Has each worker touch all pages, since the first touch of a page costs each
// process a fault. No worker leaves before all are there: so none comes twice.
static int touch(const void *arg, void *result)
{
    const squares *a = arg;
    (void)result;
    for (int64_t i = 0; i < a->n; i += 512) {
        // Another worker may do the same at the same time.
        __atomic_fetch_add(&a->items[i], 0, __ATOMIC_RELAXED);
        __atomic_fetch_add(&a->results[i], 0, __ATOMIC_RELAXED);
    }
    return mp_barrier_wait(touched, MP_FOREVER) == -1;
}

static void make(squares *a, int64_t n, void *(*allocate)(size_t))
{
    *a = (squares){ n, allocate((size_t)n * sizeof *a->items),
                   allocate((size_t)n * sizeof *a->results) };
    if (a->items == NULL || a->results == NULL) {
        bench_fail("no memory for %lld items", (long long)n);
    }
    for (int64_t i = 0; i < n; i++) {
        a->items[i] = i;
        a->results[i] = 0;
    }
}

// ---- the modes ------------------------------------------------------------

static void by_pool(const squares *a)
{
    must(mp_pool_map(pool, square, .items = a->items,
                     .item_size = sizeof *a->items, .count = (size_t)a->n,
                     .results = a->results,
                     .result_size = sizeof *a->results));
}

static void by_loop(const squares *a)
{
    int (*volatile chosen)(const void *, void *) = square;
    int (*function)(const void *, void *) = chosen;
    for (int64_t i = 0; i < a->n; i++) {
        function(&a->items[i], &a->results[i]);
    }
}

static int64_t measure(int64_t n, int arg)
{
    squares *a = &all[arg == SHARED ? SHARED : ORDINARY];
    a->n = n;
    int64_t ns = squares_mean(arg == LOOP ? by_loop : by_pool, a);
    if (ns == -1) {
        bench_fail("a square came out wrong");
    }
    return ns;
}

static peer openmp;

static int64_t by_openmp(int64_t n, int unused)
{
    (void)unused;
    return peer_ask(&openmp, "map", n);
}

static bench_mode modes[] = {
    { .name = "pool, ordinary memory", .run = measure, .arg = ORDINARY,
      .again = true },
    { .name = "pool, shared memory", .run = measure, .arg = SHARED,
      .again = true },
    { .name = "loop", .run = measure, .arg = LOOP },
    { .name = "Python map", .python = "map", .largest = 10000000 },
    { .name = "OpenMP", .run = by_openmp, .again = true },
    { .name = NULL },
};

static const int64_t sizes[] = { 1000, 10000, 100000, 1000000, 10000000, 0 };
static const int64_t quick[] = { 10000, 100000, 1000000, 0 };

// An item takes 64 bytes: there are two numbers to it, in ordinary memory, in
// its copy, in shared memory, and in the OpenMP program.
static void prepare(void)
{
    question.largest = machine_available() / 2 * 1024 * 1024 / 64;
    // Its threads sleep where they wait, as a pool's workers do.
    setenv("OMP_WAIT_POLICY", "passive", 1);
    char *path = getenv("BENCH_OPENMP");  // the Makefile says where it is
    if (path == NULL || access(path, X_OK) == -1 ||
        !peer_open(&openmp, (char *[]){ path, NULL })) {
        bench_fact("remark", "this compiler has no OpenMP");
        fprintf(stderr, "map: this compiler has no OpenMP (-fopenmp), so it is "
                        "left out\n");
        modes[OPENMP].name = NULL;  // the list ends here
    }
    touched = mp_shm_new(1, sizeof *touched, NULL);
    must(touched != NULL ? mp_barrier_init(touched, WORKERS, NULL) : -1);
    pool = mp_pool_new(.processes = WORKERS,
                       .context = mp_get_context("fork"));
    must(pool != NULL ? 0 : -1);
    const int64_t *n = bench_sizes();
    while (n[1] != 0 && n[1] <= question.largest) {
        n++;
    }
    make(&all[ORDINARY], *n, malloc);
    make(&all[SHARED], *n, mp_shm_alloc);
    squares both[WORKERS] = { all[SHARED], all[SHARED] };
    must(mp_pool_map(pool, touch, MP_ITEMS(both), .chunksize = 1));
}

bench_question question = {
    .name = "map",
    .asks = "What does one item of a map cost?",
    .modes = modes,
    .sizes = sizes,
    .quick = quick,
    .pinned = WORKERS,
    .by_size = true,
    .prepare = prepare,
};
