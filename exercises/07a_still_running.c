// # Who still runs?
//
// Main starts three children, `ann`, `bob` and `cid`. Each of them
// prints its pid and sleeps for as many seconds as the command line
// says. When `ann` has ended, main prints the names of its children
// that still run, and how many they are. Then it asks them to end, and
// waits for them:
//
//     ann is process 101
//     cid is process 103
//     bob is process 102
//     bob still runs
//     cid still runs
//     still running: 2
//     all have ended
//
// Nobody knows whether `bob` and `cid` have ended when `ann` ends.
// Write your part: from the wait for `ann` to the line with the number.
// What follows is there already. It needs all three objects, so close
// none of them.

#include "lesson.h"

static int work(void *args)
{
    printf("%s is process %d\n", mp_process_name(mp_current_process()),
           (int)getpid());
    time_sleep(*(double *)args);
    return 0;
}

static void list_running(mp_process *p)
{
    // ---- your part
    (void)p;
    // ---- end of your part
}

int main(int argc, char **argv)
{
    const char *names[3] = { "ann", "bob", "cid" };
    double seconds[3] = { 1, 2, 3 };
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[ann] [bob] [cid]", seconds, 3);

    mp_process p[3];
    for (int i = 0; i < 3; i++) {
        check(mp_process_init(&p[i], .target = work, .name = names[i],
                              MP_ARGS(seconds[i])));
        check(mp_process_start(&p[i]));
    }
    list_running(p);
    for (int i = 0; i < 3; i++) {
        check(mp_process_terminate(&p[i]));
        check(mp_process_join(&p[i], MP_FOREVER));
        check(mp_process_close(&p[i]));
    }
    printf("all have ended\n");
}
