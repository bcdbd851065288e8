// What does one task cost, from mp_pool_apply to its result? Parent and worker
// must wake each other, once there and once back. Two processes that take turns
// by futex(2) do only that: they are the limit. A pool also has to find a place
// for the task, to choose a worker, and to know what became of it.
//
// n is the number of tasks, one after the other, each a square; a sample is the
// mean over them. The pools are made once and stay, so that no sample has a
// start in it. Where it puts who is woken the kernel decides, and much depends
// on it: so it has no choice (place.h). First all are on one CPU, where who
// sleeps makes room for who is woken. Then parent and workers, or whoever takes
// turns, have a CPU each, and one must wake the other, unless it looks on.

#include "base/platform.h"

#include "bench.h"

#include <errno.h>

#include "machine.h"
#include "mp.h"
#include "pingpong.h"
#include "place.h"
#include "square.h"

enum { FEW = 2, MANY = 64 };

static mp_pool *few, *many;

static int64_t apply(mp_pool *pool, int64_t n)
{
    int64_t begin = bench_now();
    for (int64_t i = 0; i < n; i++) {
        int64_t result;
        if (mp_pool_apply(pool, square, MP_ITEM(i), MP_RESULT(result)) == -1) {
            return -1;
        }
        if (result != i * i) {
            return mp_fail(ERANGE, "a square came out wrong");
        }
    }
    return (bench_now() - begin) / n;
}

static int make_pool(mp_pool **pool, int workers)
{
    if (*pool == NULL) {
        place_helpers();
        *pool = mp_pool_new(.processes = workers,
                            .context = mp_get_context("fork"));
    }
    return *pool != NULL ? 0 : -1;
}

static int64_t apply_at(place where, mp_pool **pool, int workers, int64_t n)
{
    int64_t mean = make_pool(pool, workers);
    if (mean == 0) {
        place_self(where);
        mean = apply(*pool, n);
    }
    place_back();
    return mean;
}

// ---- the modes ------------------------------------------------------------

static int64_t by_few(int64_t n)
{
    return apply_at(PLACE_TOGETHER, &few, FEW, n);
}

static int64_t by_many(int64_t n)
{
    return apply_at(PLACE_TOGETHER, &many, MANY, n);
}

static int64_t by_futex(int64_t n)
{
    return pingpong_futex(PLACE_TOGETHER, n);
}

static int64_t by_pipe(int64_t n)
{
    return pingpong_pipe(PLACE_TOGETHER, n);
}

static int64_t by_few_apart(int64_t n)
{
    return apply_at(PLACE_APART, &few, FEW, n);
}

static int64_t by_many_apart(int64_t n)
{
    return apply_at(PLACE_APART, &many, MANY, n);
}

static int64_t by_futex_apart(int64_t n)
{
    return pingpong_futex(PLACE_APART, n);
}

#define OURS "mp apply"
#define FUTEX "futex ping-pong"
#define PYTHON "Python apply"
#define FULL_POOL ", 64 workers"
#define APART ", two CPUs"

static bench_mode modes[] = {
    { .name = OURS, .run = by_few, .against = FUTEX },
    { .name = PYTHON, .python = "few", .against = OURS },
    { .name = FUTEX, .run = by_futex },
    { .name = OURS FULL_POOL, .run = by_many, .against = OURS },
    { .name = "pipe ping-pong", .run = by_pipe, .against = FUTEX },
    { .name = OURS FULL_POOL " again", .run = by_many,
      .control_of = OURS FULL_POOL },
    { .name = FUTEX " again", .run = by_futex, .control_of = FUTEX },
    { .name = PYTHON FULL_POOL, .python = "many", .against = OURS FULL_POOL },
    { .name = OURS " again", .run = by_few, .control_of = OURS },
    { .name = OURS APART, .run = by_few_apart, .part = 1,
      .against = FUTEX APART },
    { .name = FUTEX APART, .run = by_futex_apart, .part = 1 },
    { .name = PYTHON APART, .python = "few_apart", .part = 1,
      .against = OURS APART },
    { .name = OURS FULL_POOL APART, .run = by_many_apart, .part = 1,
      .against = OURS APART },
    { .name = FUTEX APART " again", .run = by_futex_apart, .part = 1,
      .control_of = FUTEX APART },
    { .name = OURS APART " again", .run = by_few_apart, .part = 1,
      .control_of = OURS APART },
    { .name = NULL },
};

static const int64_t tiny[] = { 10, 0 };
static const int64_t batch[] = { 200, 0 };

// ---- before and after -----------------------------------------------------

// With one CPU there is no second part.
static int prepare(bench_question *question)
{
    if (machine_usable_cpus() == 1) {
        bench_mode *mode = modes;
        while (mode->part == 0 && mode->name != NULL) {
            mode++;
        }
        mode->name = NULL;
        question->remark = "one usable CPU, so nothing is measured on two";
    }
    return 0;
}

// While Python's end is awaited there must be no worker: each has a copy of the
// pipe that tells it.
static void finish(void)
{
    mp_pool_free(few);
    mp_pool_free(many);
}

static const bench_question question = {
    .name = "apply",
    .asks = "What does one task of a pool cost, there and back?",
    .modes = modes,
    .sizes = { tiny, batch, batch, batch },
    .python = "bench/apply.py",
    .python_max = { 10, 200, 200, 200 },
    .pinned = 2,
    .remark = "2 workers, and all on the last CPU, where nothing else is said",
    .prepare = prepare,
    .finish = finish,
};

int main(int argc, char **argv)
{
    return bench_main(argc, argv, &question);
}
