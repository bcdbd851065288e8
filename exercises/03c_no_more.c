// # When no more can be started
//
// Main starts `count` children (at most 100), which sleep side by side
// for `seconds`. It waits for all of them and prints how many there
// were:
//
//     started 3 of 3
//
// A system has limits. Where a start is refused, main starts no more.
// It prints the library's sentence on stderr, waits for the children
// that it has started, and says the truth:
//
//     started 9 of 30
//
// Then the status of the program is 1, otherwise 0. Write your part; it
// returns the status. To see it by yourself, after `make try-3c`:
//
//     (ulimit -n 20; build/cc/mine/3c 30 1)

#include "lesson.h"

static int work(void *args)
{
    time_sleep(*(double *)args);
    return 0;
}

static int start_and_wait(int count, double seconds)
{
    mp_process p[100];
    // ---- your part
    (void)p;
    (void)work;
    (void)seconds;
    printf("started %d of %d\n", count, count);
    return 0;
    // ---- end of your part
}

int main(int argc, char **argv)
{
    double numbers[2] = { 3, 1 };
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[count] [seconds]", numbers, 2);
    return start_and_wait((int)numbers[0], numbers[1]);
}
