// # Two rounds
//
// Four children work in two rounds. `a` and `b` work at the same time.
// When both have ended, main prints `round 1 is over` and starts `c`
// and `d`, which work at the same time, too. When both have ended, main
// prints `round 2 is over`:
//
//     a works
//     b works
//     round 1 is over
//     c works
//     d works
//     round 2 is over
//
// (In a round the order may be the other one.) An object that is no
// longer needed must be closed: each costs main a descriptor, and in
// the second round main may have no more of them than in the first.
// Write your part: one round.

#include "lesson.h"

struct work_args {
    char name[8];
    double seconds;
};

static int work(void *args)
{
    const struct work_args *given = args;
    printf("%s works\n", given->name);
    time_sleep(given->seconds);
    return 0;
}

static void work_both(const struct work_args *args)
{
    // ---- your part
    (void)work;
    (void)args;
    // ---- end of your part
}

int main(int argc, char **argv)
{
    double seconds = 1;
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[seconds]", &seconds, 1);

    struct work_args args[4] = { { "a", seconds }, { "b", seconds },
                                 { "c", seconds }, { "d", seconds } };
    work_both(&args[0]);
    printf("round 1 is over\n");
    work_both(&args[2]);
    printf("round 2 is over\n");
}
