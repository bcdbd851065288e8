// # Two rounds
//
// Three workers work in two rounds. In round 1 each computes a part of
// its own, and worker 0 needs `seconds` for it. In round 2 each needs
// all three parts and adds them up. So nobody may begin round 2 before
// all have finished round 1. Each prints:
//
//     round 1
//     the sum is 321
//
// Write your part: the function `prepare`, which main calls before it
// starts the workers, and the worker, which calls `first_round` and
// `second_round`. How long a round takes, nobody knows. When the last
// one has finished round 1, all go on immediately.

#include "lesson.h"

struct sums {
    mp_barrier barrier;
    int part[3];
};

struct worker_args {
    struct sums *sums;
    int number;
    double seconds;
};

static void first_round(const struct worker_args *given)
{
    int worth[3] = { 1, 20, 300 };
    printf("round 1\n");
    time_sleep(given->seconds);
    given->sums->part[given->number] = worth[given->number];
}

static void second_round(const struct worker_args *given)
{
    const int *part = given->sums->part;
    printf("the sum is %d\n", part[0] + part[1] + part[2]);
}

static void prepare(struct sums *sums)
{
    // ---- your part
    sums->part[0] = 0;
}

static int worker(void *args)
{
    const struct worker_args *given = args;
    first_round(given);
    second_round(given);
    // ---- end of your part
    return 0;
}

int main(int argc, char **argv)
{
    double seconds = 0.5;
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[seconds]", &seconds, 1);

    struct sums *sums = mp_array(struct sums, 1);
    check(sums);
    prepare(sums);
    mp_process p[3];
    for (int i = 0; i < 3; i++) {
        struct worker_args args = { sums, i, i == 0 ? seconds : 0 };
        check(mp_process_init(&p[i], .target = worker, MP_ARGS(args)));
        check(mp_process_start(&p[i]));
    }
    for (int i = 0; i < 3; i++) {
        check(mp_process_join(&p[i], MP_FOREVER));
        check(mp_process_close(&p[i]));
    }
    mp_shm_free(sums);
}
