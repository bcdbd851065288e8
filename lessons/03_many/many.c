// # Three at once
//
// Three children print a line and sleep for a second, side by side:
// `for i in range(3)`, then `p.start()`. The whole takes about one
// second and not three. Watch the order of the lines, which varies, and
// `end`, which comes last. (The notes call this parallel, 并行: see
// lesson 9. Three sleepers show that processes run at the same time
// even on one CPU. That they compute at the same time is shown in
// lesson 10, and needs as many CPUs.)

#include "lesson.h"

struct f_args {
    char name[20];
    double seconds;
};

static int f(void *args)
{
    const struct f_args *given = args;
    printf("hello %s %s\n", given->name, time_ctime());
    time_sleep(given->seconds);
    return 0;
}

// Objects may stand in an array. First all are started, then all are
// joined: joining each right after its start would run them one after
// the other. The order of the joins does not matter. The parent needs
// all three, and waits for the slowest whatever the order.
int main(int argc, char **argv)
{
    double seconds = 1;
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[seconds]", &seconds, 1);

    mp_process p_list[3];
    for (int i = 0; i < 3; i++) {
        struct f_args args = { .seconds = seconds };
        snprintf(args.name, sizeof args.name, "alvin:%d", i);
        check(mp_process_init(&p_list[i], .target = f, MP_ARGS(args)));
        check(mp_process_start(&p_list[i]));
    }
    for (int i = 0; i < 3; i++) {
        check(mp_process_join(&p_list[i], MP_FOREVER));
        check(mp_process_close(&p_list[i]));
    }
    printf("end\n");
}

// ## What happens underneath
//
// `args` is gone after each round of the loop, yet its child can read
// it: `copy_args()` in `common/process/process.c` copied the bytes at
// construction.
//
// ## Try this
//
// - Join each child right after its start. What happens to the times?
// - Start 30: the 3 stands in three places. Each running child costs
//   the parent a descriptor (under forkserver two), so what does
//   `(ulimit -n 20; make lesson-many)` say?
