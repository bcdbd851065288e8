// # As long as the longest
//
// Five workers sleep for random times, side by side. The whole takes as
// long as the longest of them, not as long as all together. Watch
// `total time`. In `make many-sleepers RUNS=60`, where a unit is 0.02
// s, it was 0.061 to 0.143 s on one machine, and 59 orders of the lines
// came. `total time` was 5.176 s in the notes: the longest of their
// workers slept for 5 s, and the rest is the price of five processes.
//
// The notes call this parallel, 并行, and write of lesson 3 that it
// is not concurrent, 并发. These words mean different things. Work is
// concurrent where one piece begins before another one has ended. It is
// parallel where two pieces are computed at the same instant, by two
// CPUs. Sleepers are concurrent, and they need not be parallel: they
// need no CPU, and on one CPU they take no longer. See for yourself by
// `taskset -c 0 make lesson-9`. Processes that compute need a CPU each
// to be parallel: lesson 10.

#include "lesson.h"

struct work_args {
    char name[16];
    double unit;
};

static int work(void *args)
{
    const struct work_args *given = args;
    double sleep_time = random_randint(1, 6) * given->unit;
    printf("%s is starting\n", given->name);
    printf("%s is sleeping %g s\n", given->name, sleep_time);
    time_sleep(sleep_time);
    printf("%s is ending\n", given->name);
    return 0;
}

static void main_object(double unit)
{
    mp_process task_list[5];
    for (int i = 0; i < 5; i++) {
        struct work_args args = { .unit = unit };
        snprintf(args.name, sizeof args.name, "work_%d", i);
        check(mp_process_init(&task_list[i], .target = work,
                              MP_ARGS(args)));
        check(mp_process_start(&task_list[i]));
    }
    for (int i = 0; i < 5; i++) {
        check(mp_process_join(&task_list[i], MP_FOREVER));
        check(mp_process_close(&task_list[i]));
    }
}

// The first loop of `main_object` starts the children, and the second
// waits for them. (In the notes the comment 启动子进程, "start the
// children", stands above the second.) `mp_clock_now()` does not jump
// when somebody sets the clock, as the notes' `time.time()` does.
// Python's is `time.monotonic()`.
//
// The lines of `main` are these in the notes:
// 这是主进程 __main__ 开始 :>>>>
// 这是主进程 __main__ 结束 :>>>>
// 总耗时 :>>>> and the seconds.
// Each line but the last, also of the workers, has a newline of its
// own, and `print` adds another. So an empty line follows, which is
// left out here.
int main(int argc, char **argv)
{
    double unit = 1;
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[unit]", &unit, 1);

    double start_time = mp_clock_now();
    printf("the main process begins :>>>>\n");
    main_object(unit);
    printf("the main process ends :>>>>\n");
    printf("total time: %.3f s\n", mp_clock_now() - start_time);
}

// ## See it
//
// `make timeline-sleepers` draws five rows that begin together and have
// different lengths. The main process waits (grey, `-` in the text) for
// as long as the longest of them sleeps.
//
// ## What happens underneath
//
// Each worker draws its own number. With `rand()` all five would draw
// the same one, because fork copies its state with all other memory.
// (The state is the same, too, in every run that does not call `srand`,
// and in every child under the other start methods, lesson 11.)
// `random_randint()` in `lessons/lesson.h` asks the kernel instead:
// getentropy(3). Python seeds its generator anew in each child.
//
// ## Try this
//
// - Draw with `rand() % 6 + 1`. How long do the five sleep?
// - Start 500 workers; the 5 stands in three places. How much longer
//   than 6 s, the longest sleep there is, does it take?
