// # A sum in parts
//
// Three children sum up the numbers from 1 to `n`, each a third of
// them, all at the same time. (Each sleeps for `seconds` first, as if
// the work were hard.) Main prints the total when all have ended:
//
//     the sum is 500500
//
// `part` returns the sum from `first` to `last`, a number which may be
// larger than any exit code. Write your part: how the results come back
// to main.

#include "lesson.h"

static long part(long first, long last, double seconds)
{
    time_sleep(seconds);
    long sum = 0;
    for (long i = first; i <= last; i++) {
        sum += i;
    }
    return sum;
}

// ---- your part
static long sum_to(long n, double seconds)
{
    return part(1, n / 3, seconds);
}
// ---- end of your part

int main(int argc, char **argv)
{
    double numbers[2] = { 1000, 1 };
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[n] [seconds]", numbers, 2);
    printf("the sum is %ld\n", sum_to((long)numbers[0], numbers[1]));
}
