// # As long as the longest
//
// Three workers sleep side by side, each for a time of its own:
// `seconds[0]`, `seconds[1]` and `seconds[2]`. Main measures how long
// the whole takes, from before the first start until all three have
// ended, and not longer. It prints this as its last line:
//
//     worker 0 begins
//     worker 1 begins
//     worker 2 begins
//     total: 0.602 s
//
// The first three lines come in any order. Write your part: it starts
// the workers, waits for them, and sets `total`, in seconds.

#include "lesson.h"

struct work_args {
    int number;
    double seconds;
};

static int work(void *args)
{
    const struct work_args *given = args;
    printf("worker %d begins\n", given->number);
    time_sleep(given->seconds);
    return 0;
}

int main(int argc, char **argv)
{
    double seconds[3] = { 0.2, 0.6, 0.4 };
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[first] [second] [third]", seconds, 3);

    double total = 0;
    // ---- your part
    for (int i = 0; i < 3; i++) {
        struct work_args args = { i, seconds[i] };
        work(&args);
        total += seconds[i];
    }
    // ---- end of your part
    printf("total: %.3f s\n", total);
}
