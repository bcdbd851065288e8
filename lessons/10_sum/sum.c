// # When are more processes faster?
//
// Three sums, three ways: one after another, in three processes, in
// three threads. The number of summands grows until the processes win.
// Watch the times, in milliseconds, which are measured and vary. A
// difference within 10 % may be chance, so it is no win.
//
// The notes found 103 ms one after another and 224 ms in processes, and
// blamed the switching between processes. The real cause is the start
// of a process, a fixed price. A small job does not earn it back. (On
// Windows each new process of Python is a new interpreter, and the
// price is tens of milliseconds.)
//
// With two CPUs, three sums take at best half the time. With one usable
// CPU no way is faster. (But if other programs use this CPU, too, the
// kernel divides it between all of them, and three processes get more
// of it than one.) In Python, threads gain nothing, however many CPUs
// there are: a lock, the GIL, lets only one thread run Python code at a
// time (but for the new free-threaded builds). C has no such lock.

#include "lesson.h"

#include <threads.h>

enum way { IN_TURN, PROCESSES, THREADS };

struct sum_args {
    long long n;
    long long *add;  /* where the result goes: shared memory */
};

// You need not understand the line with `__asm__`. It contains no
// instruction, and is there only because clang would otherwise replace
// the loop by the formula n(n-1)/2, which takes no time at all.
static int sum(void *args)
{
    const struct sum_args *given = args;
    long long add = 0;
    for (long long i = 0; i < given->n; i++) {
        add += i;
        __asm__ volatile("" : "+r"(add));
    }
    *given->add = add;
    return 0;
}

// A thread shares all memory with the others, so it gets the address of
// its arguments. It costs less to start than a process. (C11's
// `thrd_create` takes the same kind of function as a process does.)
static void three_sums(enum way way, struct sum_args args[3])
{
    mp_process p_obj[3];
    thrd_t threads[3];
    for (int i = 0; i < 3; i++) {
        if (way == PROCESSES) {
            check(mp_process_init(&p_obj[i], .target = sum,
                                  MP_ARGS(args[i])));
            check(mp_process_start(&p_obj[i]));
        } else if (way == THREADS) {
            check(thrd_create(&threads[i], sum, &args[i]) ? -1 : 0);
        } else {
            sum(&args[i]);
        }
    }
    for (int i = 0; i < 3 && way != IN_TURN; i++) {
        if (way == PROCESSES) {
            check(mp_process_join(&p_obj[i], MP_FOREVER));
            check(mp_process_close(&p_obj[i]));
        } else {
            thrd_join(threads[i], NULL);
        }
    }
}

// Each way is measured three times, and its best time counts: other
// programs disturbed that one the least.
static double milliseconds(enum way way, struct sum_args args[3])
{
    double best = MP_FOREVER;
    for (int i = 0; i < 3; i++) {
        double start_time = mp_clock_now();
        three_sums(way, args);
        double total_time = (mp_clock_now() - start_time) * 1000;
        best = total_time < best ? total_time : best;
    }
    return best;
}

static bool processes_win(long long n, long long add[3])
{
    struct sum_args args[3] = { { n, add }, { n, add + 1 },
                                { n, add + 2 } };
    double turn = milliseconds(IN_TURN, args);
    double threads = milliseconds(THREADS, args);
    double processes = milliseconds(PROCESSES, args);
    bool win = processes < turn * 0.9;
    printf("0-%lld, add is %lld\n", n, add[0]);
    printf("sum %.2f ms, multiprocessing %.2f ms, threading %.2f ms\n",
           turn, processes, threads);
    printf("processes %s\n", win ? "win" : "do not win");
    return win;
}

// n grows tenfold each time, from `n[0]` to `n[1]`. The loop ends
// earlier if the processes win, or if it has taken more than a second:
// the next n would take ten times as long.
int main(int argc, char **argv)
{
    double n[2] = { 10000, 1e9 }, until = mp_clock_now() + 1;
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[from [to]]", n, 2);

    long long *add = mp_shm_alloc(3 * sizeof *add);
    check(add);
    while (n[0] <= n[1] && mp_clock_now() < until &&
           !processes_win((long long)n[0], add)) {
        n[0] = n[0] < 1 ? 1 : n[0] * 10;
    }
    mp_shm_free(add);
}

// ## See it
//
// `make trace-sum` draws which thread runs on which CPU, of a long sum:
// first all in turn (blue), then three threads (orange), then three
// processes (green). On a machine that does nothing else, both use all
// CPUs at once in C. In the second picture, of Python, the threads use
// one CPU at a time: this is the GIL.
//
// ## What happens underneath
//
// The fixed price of a process made by fork is in `launch()` in
// `common/start/fork.c`. The kernel copies the tables that say where
// the process's memory is, and later each page that one of the two
// processes writes to. `make bench-sum` measures more exactly from
// which n on processes win on this machine. Each start method (lesson
// 11) has its own price.
//
// The sums come back through shared memory, as in lesson 4. Each child
// writes to an element of its own, so no two of them need a lock.
//
// ## Try this
//
// - Find the n more exactly: `make lesson-sum ARGS="200000"` begins
//   with another n, and `ARGS="200000 200000"` measures that n alone.
//   Do the processes ever beat the threads?
// - Run it on one CPU: `taskset -c 0 make lesson-sum`.
// - Run it as `MP_START_METHOD=spawn make lesson-sum`, and with
//   forkserver. From which n on do the processes win now? (The start of
//   the server is not in the times. It belongs to the first of three
//   measurements, and the best one counts.)
// - Take the assembler line out, and run `make CC=clang lesson-sum`, if
//   you have clang. How long does a sum take now?
// - Compare with `make python-sum`. Which way wins there, and what do
//   the threads gain?
