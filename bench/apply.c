// What does one task cost, from mp_pool_apply to its result? Parent and worker
// must wake each other, once there and once back. Two processes that take turns
// by futex(2) do only that: they are the limit. A pool also has to find a place
// for the task, to choose a worker, and to know what became of it.
//
// n is the number of tasks, one after the other, each a square; a sample is the
// mean over them. The pools are made once and stay, so that no sample has a
// start in it. All is pinned to two CPUs, parent and workers alike. Where on
// these two it puts who is woken, the kernel decides, and much depends on it:
// so the limit leaves it the same choice, and stands there with none as well.

#include "platform.h"

#include "bench.h"

#include <errno.h>

#include "mp.h"
#include "pingpong.h"
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

// A new pool walks through fresh memory, until its ring of jobs begins anew.
static int make_pool(mp_pool **pool, int workers)
{
    if (*pool != NULL) {
        return 0;
    }
    *pool = mp_pool_new(.processes = workers,
                        .context = mp_get_context("fork"));
    return *pool != NULL && apply(*pool, MP_BOARD_JOBS / 16) != -1 ? 0 : -1;
}

static int64_t by_few(int64_t n)
{
    return make_pool(&few, FEW) == -1 ? -1 : apply(few, n);
}

static int64_t by_many(int64_t n)
{
    return make_pool(&many, MANY) == -1 ? -1 : apply(many, n);
}

// While Python's end is awaited there must be no worker: each has a copy of the
// pipe that tells it.
static void finish(void)
{
    mp_pool_free(few);
    mp_pool_free(many);
}

#define OURS "mp apply"
#define FUTEX "futex ping-pong"

static const bench_mode modes[] = {
    { .name = OURS, .run = by_few, .against = FUTEX },
    { .name = "Python apply", .python = "few", .against = OURS },
    { .name = FUTEX, .run = pingpong_futex },
    { .name = OURS ", 64 workers", .run = by_many, .against = OURS },
    { .name = FUTEX ", one CPU", .run = pingpong_futex_together,
      .against = FUTEX },
    { .name = FUTEX ", two CPUs", .run = pingpong_futex_apart,
      .against = FUTEX },
    { .name = "pipe ping-pong", .run = pingpong_pipe, .against = FUTEX },
    { .name = FUTEX " again", .run = pingpong_futex, .control_of = FUTEX },
    { .name = "Python apply, 64 workers", .python = "many", .against = OURS },
    { .name = OURS " again", .run = by_few, .control_of = OURS },
    { .name = NULL },
};

static const int64_t tiny[] = { 10, 0 };
static const int64_t batch[] = { 200, 0 };

static const bench_question question = {
    .name = "apply",
    .asks = "What does one task of a pool cost, there and back?",
    .modes = modes,
    .sizes = { tiny, batch, batch, batch },
    .python = "bench/apply.py",
    .python_max = { 10, 200, 200, 200 },
    .pinned = 2,
    .finish = finish,
    .remark = "2 workers, where nothing else is said",
};

int main(int argc, char **argv)
{
    return bench_main(argc, argv, &question);
}
