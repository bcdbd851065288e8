// # Try again
//
// A child may fail: its exit code is then not 0. Main starts a new
// child until one succeeds, but at most `most` of them, one after the
// other. After each it prints the exit code:
//
//     attempt 1: exit code 1
//     attempt 2: exit code 1
//     attempt 3: exit code 0
//
// A child that was killed has failed, too: `exit code -9`. Where no
// child has succeeded, main prints `gave up`, and the status of the
// program is 1, otherwise 0. However many attempts there are, main
// holds no more descriptors. Write your part; it returns the status.

#include "lesson.h"

struct work_args {
    int attempt;
    int needed;
    double seconds;
};

static int work(void *args)
{
    const struct work_args *given = args;
    time_sleep(given->seconds);
    return given->attempt < given->needed;
}

static int work_until_success(int needed, int most, double seconds)
{
    // ---- your part
    for (int i = 1; i <= most; i++) {
        struct work_args args = { i, needed, seconds };
        printf("attempt %d: exit code %d\n", i, work(&args));
    }
    return 0;
    // ---- end of your part
}

int main(int argc, char **argv)
{
    double numbers[3] = { 3, 5, 0.2 };
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[needed] [most] [seconds]", numbers, 3);
    return work_until_success((int)numbers[0], (int)numbers[1],
                              numbers[2]);
}
