// # The notes' own sum
//
// Three sums one after another, then three in processes, for the n of
// the notes' output, and for ten times that n. The notes have three
// different n: their program says 50000000, their output 500000, and
// their text 100000. Their times belong to 500000: 103.01 ms and 224.01
// ms. They announce more than three processes, and start three; and
// their program lacks its imports, of `time` and of `Process`. Watch
// which way is faster for each n. The times are measured, in
// milliseconds, and vary.
//
// The notes ask whether switching between the processes makes them
// slower, and add that "10 times more" shows their advantage. Starting
// them makes them slower: with n = 0 there is nothing to compute, and
// nothing to switch between, and the processes still take their time
// (`make lesson-sum_notes ARGS=0`). Ten times more work shows their
// advantage only if they then save more time than their start costs. In
// C a start costs less than in Python, and so does the sum.

#include "lesson.h"

// The empty assembler line keeps the loop a loop: see the first program
// of this lesson.
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
    sum(&n);
    sum(&n);
    sum(&n);
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

// The notes measure by `time.time()`, the time of day, which jumps when
// somebody sets the clock. `mp_clock_now()` and Python's
// `time.monotonic()` do not.
static double total_time(void (*way)(long long), long long n)
{
    double start_time = mp_clock_now() * 1000;
    way(n);
    double end_time = mp_clock_now() * 1000;
    return end_time - start_time;
}

// A difference within 10 % may be chance.
static const char *faster(double one, double three)
{
    if (one < three * 0.9) {
        return "one process";
    }
    return three < one * 0.9 ? "three processes" : "neither";
}

int main(int argc, char **argv)
{
    double n = 500000;
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[n]", &n, 1);

    for (int times = 1; times <= 10; times *= 10) {
        long long more = (long long)n * times;
        double one = total_time(in_turn, more);
        printf("sum total_time %.2f\n", one);
        double three = total_time(in_processes, more);
        printf("multiprocessing sum total_time %.2f\n", three);
        printf("faster: %s\n", faster(one, three));
    }
}

// ## What happens underneath
//
// `mp_process_start()` in `common/process/process.c` returns before the
// child has computed anything. So the three compute side by side, on as
// many CPUs as there are, and `join` waits for each.
//
// ## Try this
//
// - Run the notes' program as it stands: `ARGS=50000000`. And
//   `make python-sum_notes ARGS=500000`: are your times near theirs?
// - Find the n from which on three processes are faster, here and in
//   Python.
