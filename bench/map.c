// What does one item of a map cost, in shared memory and without it? The items
// are int64, the task is a square: so little that all that is seen is the way
// to the task and back. OpenMP is held against the pool, since its threads need
// nothing but the same chunks; two maps by hand (byhand.h), one by pipe, as
// ordinary memory asks for, and one by futex over shared memory; and a loop in
// one process.
//
// n is the number of items; a sample is the time of one map. Chunks are as
// Python would cut them, for OpenMP as well: the items by 4 times the workers.
// Ordinary memory has to be copied, there and back. Shared memory has not; it
// is warm where all processes have used these very pages before, and untouched
// where the parent has just written the items, and nobody the results, so that
// the kernel must find a page for each part of them, and zero it. All is pinned
// to two CPUs.

#include "base/platform.h"

#include "bench.h"

#include <errno.h>
#include <string.h>

#include "byhand.h"
#include "items.h"
#include "mp.h"
#include "peer.h"
#include "resident.h"
#include "square.h"

enum { WORKERS = 2 };

// ---- the maps -------------------------------------------------------------

static items_arrays ordinary;
static items_arrays warm = { .shared = true }, untouched = { .shared = true };
static mp_pool *pool;

static int make_pool(void)
{
    if (pool == NULL) {
        pool = mp_pool_new(.processes = WORKERS,
                           .context = mp_get_context("fork"));
    }
    return pool != NULL ? 0 : -1;
}

static int64_t by_pool(const items_arrays *a)
{
    if (make_pool() == -1) {
        return -1;
    }
    int64_t begin = bench_now();
    if (mp_pool_map(pool, square, .items = a->items,
                    .item_size = sizeof *a->items, .count = (size_t)a->n,
                    .results = a->results,
                    .result_size = sizeof *a->results) == -1) {
        return -1;
    }
    return bench_now() - begin;
}

// Called through a pointer that the compiler cannot see through, as the pool
// calls it.
static int64_t by_loop(const items_arrays *a)
{
    int (*volatile chosen)(const void *, void *) = square;
    int (*function)(const void *, void *) = chosen;
    int64_t begin = bench_now();
    for (int64_t i = 0; i < a->n; i++) {
        if (function(&a->items[i], &a->results[i]) != 0) {
            return -1;
        }
    }
    return bench_now() - begin;
}

// Short maps are repeated, or a sample would be one wake-up, lucky or not.
static int64_t repeated(int64_t (*map)(const items_arrays *),
                        items_arrays *a, int64_t n, bool anew)
{
    if (items_make(a, n) == -1) {
        return -1;
    }
    int64_t times = n < 1000000 ? 1 + 1000000 / n : 1;
    int64_t took = 0;
    for (int64_t i = 0; i < times; i++) {
        if (anew) {
            items_untouch(a);
        }
        int64_t ns = map(a);
        if (ns == -1 || items_check(a) == -1) {
            return -1;
        }
        took += ns;
    }
    return took / times;
}

// ---- warm arrays ----------------------------------------------------------

// What a chunk of the next map is in, any worker may have to touch.
typedef struct {
    items_arrays arrays;
    int *present;  // in shared memory: how many workers are at it
} visit;

// Nobody leaves before all are there: so no worker comes twice.
static int visit_all(const void *arg, void *result)
{
    const visit *given = arg;
    (void)result;
    items_touch(&given->arrays);
    __atomic_fetch_add(given->present, 1, __ATOMIC_SEQ_CST);
    while (__atomic_load_n(given->present, __ATOMIC_SEQ_CST) < WORKERS) {
        usleep(100);
    }
    return 0;
}

static int make_warm(int64_t n)
{
    if (warm.n == n) {
        return 0;
    }
    visit visits[WORKERS];
    int *present = mp_shm_alloc(sizeof *present);
    if (present == NULL || items_make(&warm, n) == -1 || make_pool() == -1) {
        return -1;
    }
    *present = 0;
    for (int i = 0; i < WORKERS; i++) {
        visits[i] = (visit){ warm, present };
    }
    int visited = mp_pool_map(pool, visit_all, MP_ITEMS(visits),
                              .chunksize = 1);
    mp_shm_free(present);
    return visited;
}

// ---- the modes ------------------------------------------------------------

static int64_t from_ordinary(int64_t n)
{
    return repeated(by_pool, &ordinary, n, false);
}

static int64_t from_warm(int64_t n)
{
    return make_warm(n) == -1 ? -1 : repeated(by_pool, &warm, n, false);
}

static int64_t from_untouched(int64_t n)
{
    return repeated(by_pool, &untouched, n, true);
}

static int64_t loop(int64_t n)
{
    return repeated(by_loop, &ordinary, n, false);
}

static int64_t by_raw_pipe(int64_t n)
{
    return repeated(byhand_pipe, &ordinary, n, false);
}

static int64_t by_raw_futex(int64_t n)
{
    return make_warm(n) == -1 ? -1 : repeated(byhand_futex, &warm, n, false);
}

static peer openmp = { .name = "the OpenMP program" };
static char openmp_path[4096];

static int64_t ask_openmp(const char *word, int64_t n)
{
    if (openmp.pid == 0) {
        // Threads that wait do not spin: a pool's workers do not either.
        setenv("OMP_WAIT_POLICY", "passive", 1);
        if (peer_open(&openmp, (char *[]){ openmp_path, NULL }) == -1) {
            return -1;
        }
    }
    return peer_ask(&openmp, word, n);
}

static int64_t openmp_warm(int64_t n)
{
    return ask_openmp("warm", n);
}

static int64_t openmp_untouched(int64_t n)
{
    return ask_openmp("untouched", n);
}

#define WARM "mp map, warm"
#define UNTOUCHED "mp map, untouched"
#define ORDINARY "mp map, ordinary"
#define OPENMP "OpenMP"

static bench_mode modes[] = {
    { .name = WARM, .run = from_warm, .against = OPENMP ", warm",
      .grows = "mp map" },
    { .name = "Python map", .python = "map", .against = ORDINARY },
    { .name = OPENMP ", warm", .run = openmp_warm, .grows = OPENMP },
    { .name = ORDINARY, .run = from_ordinary, .against = WARM },
    { .name = OPENMP ", untouched", .run = openmp_untouched },
    { .name = "raw futex", .run = by_raw_futex, .against = WARM },
    { .name = "loop", .run = loop, .against = WARM },
    { .name = "raw pipe", .run = by_raw_pipe, .against = ORDINARY },
    { .name = UNTOUCHED, .run = from_untouched,
      .against = OPENMP ", untouched" },
    { .name = OPENMP ", untouched again", .run = openmp_untouched,
      .control_of = OPENMP ", untouched" },
    { .name = ORDINARY " again", .run = from_ordinary,
      .control_of = ORDINARY },
    { .name = OPENMP ", warm again", .run = openmp_warm,
      .control_of = OPENMP ", warm" },
    { .name = WARM " again", .run = from_warm, .control_of = WARM },
    { .name = NULL },
};

static const int64_t tiny[] = { 1000, 10000, 0 };
static const int64_t quick[] = { 100000, 1000000, 0 };
static const int64_t normal[] = { 100000, 1000000, 10000000, 0 };
static const int64_t full[] = { 100000, 1000000, 10000000, 100000000, 0 };

// ---- before and after -----------------------------------------------------

static bool is_openmp(const char *mode)
{
    return mode != NULL && strncmp(mode, OPENMP, strlen(OPENMP)) == 0;
}

// The modes that are no OpenMP's, compared with nothing of it.
static void leave_openmp_out(void)
{
    bench_mode *to = modes;
    for (const bench_mode *from = modes; from->name != NULL; from++) {
        if (!is_openmp(from->name)) {
            *to = *from;
            to->against = is_openmp(to->against) ? NULL : to->against;
            to++;
        }
    }
    to->name = NULL;
}

// It stands beside this program, if the compiler has it: see the Makefile.
static bool find_openmp(void)
{
    char self[sizeof openmp_path - 16];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    self[length > 0 ? length : 0] = '\0';
    char *slash = strrchr(self, '/');
    if (slash == NULL) {
        return false;
    }
    *slash = '\0';
    snprintf(openmp_path, sizeof openmp_path, "%s/peers/openmp", self);
    return access(openmp_path, X_OK) == 0;
}

// An item takes 80 bytes: there are two numbers to it, in ordinary memory, in
// its copy, in shared memory, warm and untouched, and in the OpenMP program.
static int prepare(bench_question *question)
{
    int64_t most = resident_most();
    question->largest = most == -1 ? normal[0] : most * 1024 * 1024 / 80;
    question->limit = "more than half of the available memory";
    if (!find_openmp()) {
        question->remark = "this compiler has no OpenMP";
        leave_openmp_out();
        fprintf(stderr, "map: this compiler has no OpenMP (-fopenmp), so it is "
                        "left out\n");
    }
    return 0;
}

// While another program's end is awaited there must be no worker: each has a
// copy of the pipe that tells it.
static void finish(void)
{
    mp_pool_free(pool);
    byhand_end();
    peer_close(&openmp);
    items_drop(&warm);
    items_drop(&untouched);
    items_drop(&ordinary);
}

static const bench_question question = {
    .name = "map",
    .asks = "What does one item of a map cost?",
    .modes = modes,
    .sizes = { tiny, quick, normal, full },
    .python = "bench/map.py",
    .python_max = { 1000, 100000, 1000000, 10000000 },
    .pinned = 2,
    .per_item = true,
    .same_n_before = true,
    .prepare = prepare,
    .finish = finish,
};

int main(int argc, char **argv)
{
    return bench_main(argc, argv, &question);
}
