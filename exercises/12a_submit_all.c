// # Submit all, then get all
//
// A pool of three workers squares the numbers 1 to 6. Main submits all
// six tasks before it waits for the first result. Then it gets the
// squares in the order of the numbers, and prints each of them as soon
// as it is there, even if later tasks still run:
//
//     1
//     4
//     9
//     16
//     25
//     36
//
// The six lines of the tasks, `task 1 begins` and so on, come before
// and between these, since three tasks run at the same time.
//
// Each task sleeps for as many seconds as the command line says. Write
// your part: make the pool, submit, get and print, close and join the
// pool, with `check` around each call that can fail. Free the results
// and the pool, too, though nothing that you see depends on it.

#include "lesson.h"

struct square_args {
    int number;
    double seconds;
};

static int square(const void *arg, void *result)
{
    const struct square_args *given = arg;
    printf("task %d begins\n", given->number);
    time_sleep(given->seconds);
    *(int *)result = given->number * given->number;
    return 0;
}

int main(int argc, char **argv)
{
    double seconds[6] = { 0.5, 0.5, 0.5, 0.5, 0.5, 0.5 };
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[seconds of each task]", seconds, 6);

    // ---- your part
    for (int i = 0; i < 6; i++) {
        struct square_args args = { i + 1, seconds[i] };
        int value;
        square(&args, &value);
        printf("%d\n", value);
    }
    // ---- end of your part
}
