// # Three at once
//
// Three children print a line and sleep for a second, all at the same
// time. Python writes `for i in range(3)`, and `p.start()` in the loop.
// The whole takes about one second and not three. Watch the order of
// the lines, which varies, and `end`, which comes last.
// `make many-many` counts the orders of 200 runs. On one machine all 6
// came, and that of the starts in two thirds of the runs. (Sleepers
// need no CPU, so three of them sleep at the same time even where there
// is only one. To compute at the same time, three processes need three
// CPUs: lesson 10. The notes call both parallel, 并行: see lesson 9.)

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

// The objects are in an array. The first loop starts all three, and the
// second joins them. If we joined each child right after its start, the
// children would run one after the other. The order of the joins does
// not matter: the parent waits for all three, so for the slowest.
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

// ## See it
//
// `make timeline-many` draws when each process worked, slept and
// waited. The three children sleep (green, `z` in the text) side by
// side, and the main process waits (grey, `-`) for as long as one of
// them sleeps.
//
// ## What happens underneath
//
// `args` exists for one round of the loop only, and yet the child can
// read it later: `copy_args()` in `common/process/process.c` copied the
// bytes when the object was constructed.
//
// ## Try this
//
// - Join each child right after its start. What happens to the times
//   that are printed?
// - Start 30 children: the 3 is in three places. Each running child
//   costs the parent one descriptor, and under forkserver it has two
//   more, for the server. What does `(ulimit -n 20; make lesson-many)`
//   say?
