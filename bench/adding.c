#include "adding.h"

#include <pthread.h>

#include "bench.h"
#include "ways.h"

// Compilers know that 0 + 1 + .. + n-1 is n(n-1)/2, and would put that formula
// in the place of this loop: then we would measure nothing. The empty assembler
// statement prevents it. It has no instructions, but it tells the compiler that
// `add` is read and changed there. So each addition must be made, one after the
// other, as written. (This rules out vector instructions, too.) It is never
// inlined, so that every mode runs the very same instructions.
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

static void add_up(const adding_part *part)
{
    if (sum(part->from, part->to) != formula(part->to) - formula(part->from)) {
        bench_fail("a sum came out wrong");
    }
}

// ---- by processes ---------------------------------------------------------

static int child(void *args)
{
    add_up(args);
    return 0;
}

static void in_processes(const adding_part *parts, int64_t count)
{
    static mp_process all[ADDING_MOST];
    for (int64_t i = 0; i < count; i++) {
        must(mp_process_init(&all[i], .target = child, MP_ARGS(parts[i]),
                             .context = mp_get_context("fork")));
        must(mp_process_start(&all[i]));
    }
    for (int64_t i = 0; i < count; i++) {
        ways_mp_join(&all[i]);
    }
}

// ---- by threads -----------------------------------------------------------

static void *in_thread(void *part)
{
    add_up(part);
    return NULL;
}

static void in_threads(const adding_part *parts, int64_t count)
{
    static pthread_t all[ADDING_MOST];
    for (int64_t i = 0; i < count; i++) {
        if (pthread_create(&all[i], NULL, in_thread, (void *)&parts[i]) != 0) {
            bench_fail("cannot start a thread");
        }
    }
    for (int64_t i = 0; i < count; i++) {
        pthread_join(all[i], NULL);
    }
}

static void in_turn(const adding_part *parts, int64_t count)
{
    for (int64_t i = 0; i < count; i++) {
        add_up(&parts[i]);
    }
}

int64_t adding(int how, const adding_part *parts, int64_t count)
{
    static void (*const hows[])(const adding_part *, int64_t) = {
        [ADDING_ALONE] = in_turn,
        [ADDING_PROCESSES] = in_processes,
        [ADDING_THREADS] = in_threads,
    };
    int64_t begin = bench_now();
    hows[how](parts, count);
    return bench_now() - begin;
}
