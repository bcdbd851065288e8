// # A child with a time limit
//
// A child works for `work` seconds and then returns 3. Main gives it
// `limit` seconds, and no more. Where the child ends in time, main
// goes on at once and prints its exit code:
//
//     ended with 3
//
// Where it has not ended by then, main asks it to end (SIGTERM), waits
// until it has ended, and prints its exit code:
//
//     stopped with -15
//
// A child that was killed by somebody else has ended, too. Then main
// prints `ended with -9`. Write your part: all of main that has to do
// with the child.

#include "lesson.h"

static int work(void *args)
{
    printf("working\n");
    time_sleep(*(double *)args);
    return 3;
}

int main(int argc, char **argv)
{
    double numbers[2] = { 2, 1 };
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[work] [limit]", numbers, 2);
    double seconds = numbers[0], limit = numbers[1];

    // ---- your part
    work(&seconds);
    printf("waited for %g s\n", limit);
    // ---- end of your part
}
