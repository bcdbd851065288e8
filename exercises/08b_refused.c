// # A start that is refused
//
// Main starts `boss`, which starts `helper`, waits for it and returns
// the exit code of the helper. On the command line 1 makes the boss a
// daemon, 0 does not. A daemon may not have children: then the start
// is refused. The boss prints `refused: ` and the sentence of the
// library, and returns 1. Main prints the boss's exit code:
//
//     helper
//     boss: exit code 7
//
// or, where the boss is a daemon (.. stands for the sentence):
//
//     refused: ..
//     boss: exit code 1
//
// Where any other call fails, `check` may end the process, as always.
// Write your part: the boss.

#include "lesson.h"

static int helper(void *args)
{
    printf("helper\n");
    time_sleep(*(double *)args);
    return 7;
}

static int boss(void *args)
{
    // ---- your part
    return helper(args);
    // ---- end of your part
}

int main(int argc, char **argv)
{
    double numbers[2] = { 0, 0.2 };
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[daemon] [seconds]", numbers, 2);

    mp_process p;
    check(mp_process_init(&p, .target = boss, MP_ARGS(numbers[1])));
    check(mp_process_set_daemon(&p, numbers[0] != 0));
    check(mp_process_start(&p));
    check(mp_process_join(&p, MP_FOREVER));
    printf("boss: exit code %d\n", mp_process_exitcode(&p));
    check(mp_process_close(&p));
}
