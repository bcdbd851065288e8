// # Nothing twice, nothing left out
//
// `count` processes add up the numbers from 0 to n - 1, each a part of
// them, all at the same time. The parts lie side by side, have nearly
// the same size, and no number is left out or added twice. The main
// process adds up what the parts make and prints it. With n = 100 and
// count = 3 that is, for example:
//
//     0 to 33
//     33 to 66
//     66 to 100
//     sum 4950
//
// The first three lines come from `add_up`, in any order. A part ends
// before its `to`. Write your part: cut, start, join and add up. Where
// a child cannot be started, the program must end by `check`. (Each
// child sleeps for `seconds` before it stores its sum.)

#include "lesson.h"

struct part {
    long from, to;
    double seconds;
    long *sum;  // where its sum goes: shared memory
};

static int add_up(void *args)
{
    const struct part *part = args;
    long sum = 0;
    printf("%ld to %ld\n", part->from, part->to);
    for (long i = part->from; i < part->to; i++) {
        sum += i;
    }
    time_sleep(part->seconds);
    *part->sum = sum;
    return 0;
}

enum { MOST = 20 };

static long sum_in_parts(long n, int count, double seconds)
{
    // ---- your part
    long sum = 0;
    struct part part = { 0, n, seconds * count, &sum };
    add_up(&part);
    return sum;
    // ---- end of your part
}

int main(int argc, char **argv)
{
    double numbers[3] = { 100, 3, 0 };
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[n] [count] [seconds]", numbers, 3);
    int count = numbers[1] > MOST ? MOST : (int)numbers[1];

    long sum = sum_in_parts((long)numbers[0], count, numbers[2]);
    printf("sum %ld\n", sum);
}
