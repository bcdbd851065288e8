// What does one task of a pool cost, there and back? README.md says more.
//
// n is the number of tasks, one after the other, each a square; a sample is the
// mean over them. The pools are made once, before the first round. Much depends
// on the CPUs on which the kernel puts parent and worker, so here it has no
// choice: all are on one CPU, or parent and workers have a CPU each ("2 CPUs").

#define _GNU_SOURCE

#include "bench.h"

#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "square.h"
#include "ways.h"

enum { FEW = 2, MANY = 64 };  // workers

// ---- by turns -------------------------------------------------------------

enum { FUTEX_WAIT = 0, FUTEX_WAKE = 1 };  // <linux/futex.h>, if it is there

// One direction: a number, and a counter that says that there is a new one.
// Each has a cache line of its own.
typedef struct {
    _Alignas(64) _Atomic uint32_t turn;
    int64_t number;
} direction;

static direction *there, *back;  // in shared memory

static void tell(direction *to, int64_t number)
{
    to->number = number;
    atomic_fetch_add(&to->turn, 1);
    syscall(SYS_futex, &to->turn, FUTEX_WAKE, 1, NULL, NULL, 0);
}

// The number of this turn; turns are counted from 1 on.
static int64_t hear(direction *from, uint32_t turn)
{
    uint32_t seen;
    while ((seen = atomic_load(&from->turn)) != turn) {
        syscall(SYS_futex, &from->turn, FUTEX_WAIT, seen, NULL, NULL, 0);
    }
    return from->number;
}

static int be_other(void *args)
{
    const int64_t *turns = args;
    for (int64_t turn = 1; turn <= *turns; turn++) {
        int64_t number = hear(there, (uint32_t)turn), result;
        square(&number, &result);
        tell(back, result);
    }
    return 0;
}

static int64_t by_turns(int64_t n, int before)  // turns that are not counted
{
    int64_t turns = before + n, begin = 0;
    mp_process other;
    there->turn = back->turn = 0;
    machine_pin(1, 1);
    must(mp_process_init(&other, .target = be_other, MP_ARGS(turns),
                         .daemon = true, .context = mp_get_context("fork")));
    must(mp_process_start(&other));
    machine_pin(bench_cpus, 1);
    for (int64_t i = 0; i < turns; i++) {
        begin = i == before ? bench_now() : begin;
        tell(there, i);
        if (hear(back, (uint32_t)i + 1) != i * i) {
            bench_fail("the other process answered wrongly");
        }
    }
    int64_t took = bench_now() - begin;
    ways_mp_join(&other);
    return took / n;
}

// ---- the modes ------------------------------------------------------------

static mp_pool *pools[MANY + 1];

static int64_t apply(int64_t n, int workers)
{
    mp_pool **pool = &pools[workers];
    if (*pool == NULL) {
        machine_pin(1, 1);
        *pool = mp_pool_new(.processes = workers,
                            .context = mp_get_context("fork"));
        must(*pool != NULL ? 0 : -1);
    }
    machine_pin(bench_cpus, 1);
    int64_t begin = bench_now();
    for (int64_t i = 0; i < n; i++) {
        int64_t result;
        must(mp_pool_apply(*pool, square, MP_ITEM(i), MP_RESULT(result)));
        if (result != i * i) {
            bench_fail("a square came out wrong");
        }
    }
    return (bench_now() - begin) / n;
}

static const bench_mode modes[] = {
    { .name = "mp apply", .run = apply, .arg = FEW, .again = true },
    { .name = "futex", .run = by_turns, .arg = 20, .again = true },
    { .name = "mp apply, 64 workers", .run = apply, .arg = MANY },
    { .name = "Python apply", .python = "apply 2" },
    { .name = "Python apply, 64 workers", .python = "apply 64" },
    { .name = NULL },
};

static const int64_t batch[] = { 200, 0 };

static void prepare(void)
{
    there = mp_value(direction, 0);
    back = mp_value(direction, 0);
    must(there != NULL && back != NULL ? 0 : -1);
}

bench_question question = {
    .name = "apply",
    .asks = "What does one task of a pool cost, there and back?",
    .modes = modes,
    .sizes = batch,
    .pinned = 2,
    .apart = true,
    .prepare = prepare,
};
