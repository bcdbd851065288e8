// # When are more processes faster?
//
// Three sums, three ways: one after another, in three processes, in
// three threads; for a small n, a larger and a large one. Watch who is
// fastest for each. The numbers are measured and vary, and a difference
// of a few percent is chance. The notes found 103 ms in turn and 224 ms
// in processes, and blamed the switching between them. It is the
// starting that costs, a fixed price for each process, which a small
// job does not earn back. (Where each new process is a fresh
// interpreter, as Python's are on Windows, it is tens of milliseconds.)
//
// With one CPU nobody gains anything; with two, three sums take at best
// half the time. In Python threads gain nothing, however many CPUs
// there are: one lock, the GIL, lets only one of them run Python code
// at a time (in all but its new free-threaded builds). C's threads have
// no such lock.

#include "lesson.h"

#include <pthread.h>

// The empty assembler line keeps the compiler from replacing the loop
// by the formula n(n-1)/2, as clang would: it says that `add` may
// change there, so every addition has to be made. It costs no
// instruction.
static int sum(void *args)
{
    long long n = *(long long *)args;
    long long add = 0;
    for (long long i = 0; i < n; i++) {
        add += i;
        __asm__ volatile("" : "+r"(add));
    }
    printf("0-%lld, add is %lld\n", n, add);
    return 0;
}

static void in_turn(long long n)
{
    for (int i = 0; i < 3; i++) {
        sum(&n);
    }
}

static void in_processes(long long n)
{
    mp_process p_obj[3];
    for (int i = 0; i < 3; i++) {
        check(mp_process_init(&p_obj[i], .target = sum, MP_ARGS(n)));
        check(mp_process_start(&p_obj[i]));
    }
    for (int i = 0; i < 3; i++) {
        check(mp_process_join(&p_obj[i], MP_FOREVER));
        check(mp_process_close(&p_obj[i]));
    }
}

// A thread shares all memory with the others, so it may be given the
// address of `n` itself. It costs less to start than a process.
static void *sum_in_thread(void *n)
{
    sum(n);
    return NULL;
}

static void in_threads(long long n)
{
    pthread_t threads[3];
    for (int i = 0; i < 3; i++) {
        int error = pthread_create(&threads[i], NULL, sum_in_thread,
                                   &n);
        if (error != 0) {
            fprintf(stderr, "pthread_create: %s\n", strerror(error));
            exit(1);
        }
    }
    for (int i = 0; i < 3; i++) {
        pthread_join(threads[i], NULL);
    }
}

static double milliseconds(void (*way)(long long), long long n,
                           const char *name)
{
    double start_time = mp_clock_now();
    way(n);
    double total_time = (mp_clock_now() - start_time) * 1000;
    printf("%ssum total_time %.2f\n", name, total_time);
    return total_time;
}

int main(int argc, char **argv)
{
    double n[3] = { 100000, 1000000, 10000000 };
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[n [n [n]]]", n, 3);

    for (int i = 0; i < 3; i++) {
        long long m = (long long)n[i];
        double turn = milliseconds(in_turn, m, "");
        double processes = milliseconds(in_processes, m,
                                        "multiprocessing ");
        double threads = milliseconds(in_threads, m, "threading ");
        const char *fastest = "one after another";
        if (processes < turn && processes <= threads) {
            fastest = "processes";
        } else if (threads < turn) {
            fastest = "threads";
        }
        printf("fastest: %s\n", fastest);
    }
}

// ## What happens underneath
//
// `launch()` in `common/start/fork.c` is the fixed price under fork,
// the default: the kernel copies the tables that say where the
// process's memory is, and later each page that one of the two writes
// to. `make bench` measures it, and draws from which n on it pays on
// this machine. Each start method (lesson 11) has its own price.
//
// ## Try this
//
// - From which n on do processes beat one after another? Try
//   `make lesson-sum ARGS="1000000 3000000 9000000"` a few times. Do
//   they ever beat threads?
// - Run it on one CPU: `taskset -c 0 make lesson-sum`.
// - Run it as `MP_START_METHOD=spawn make lesson-sum`, and with
//   forkserver, whose first start has to start the server. What does a
//   process cost now?
// - Take the assembler line out, and run `make CC=clang lesson-sum`, if
//   you have clang. How long does a sum take now?
