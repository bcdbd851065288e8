// # As long as the longest
//
// Five workers sleep for random times, side by side: the whole takes as
// long as the longest of them, not as long as all together. Watch
// `total time`. (Sleepers need no CPU: they show that processes run at
// the same time, not that they compute at the same time. That is lesson
// 10.)

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

// `mp_clock_now()` does not jump when somebody sets the clock; Python's
// is `time.monotonic()`.
int main(int argc, char **argv)
{
    double unit = 1;
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[unit]", &unit, 1);

    double start_time = mp_clock_now();
    main_object(unit);
    printf("total time: %.3f s\n", mp_clock_now() - start_time);
}

// ## What happens underneath
//
// Each worker draws its own number. With `rand()` all five would draw
// the same: its state is memory, which fork copies. (It also begins in
// the same state in every run, unless `srand` is called, and in every
// child under the other start methods, lesson 11.)
// `random_randint()` in `lessons/lesson.h` asks the kernel instead
// (getentropy(3)); Python seeds anew in each child.
//
// ## Try this
//
// - Draw with `rand() % 6 + 1`. How long do the five sleep?
// - Start 500 workers; the 5 stands in three places. How much longer
//   than 6 s, the longest sleep there is, does it take?
