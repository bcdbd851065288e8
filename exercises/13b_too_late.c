// # A map with a time limit
//
// A pool of two workers does four items, each of which takes `seconds`.
// Main submits them as one list, prints `waiting` while they are being
// done, and gives all of them together `limit` seconds, and no more.
// Where all results are there in time, it prints their sum at once:
//
//     waiting
//     sum 10
//
// Where they are not there by then, main ends the workers, whatever
// they do, and does not wait for them:
//
//     waiting
//     too late
//
// Write your part, up to the end of the workers. The code below it
// frees the pool.

#include "lesson.h"

struct item {
    int number;
    double seconds;
};

static int work(const void *arg, void *result)
{
    const struct item *given = arg;
    time_sleep(given->seconds);
    *(int *)result = given->number;
    return 0;
}

int main(int argc, char **argv)
{
    double numbers[2] = { 0.4, 2 };
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[seconds] [limit]", numbers, 2);
    double limit = numbers[1];

    struct item items[4];
    for (int i = 0; i < 4; i++) {
        items[i] = (struct item){ i + 1, numbers[0] };
    }
    int results[4] = { 0 }, sum = 0;
    mp_pool *pool = mp_pool_new(.processes = 2);
    check(pool);
    // ---- your part
    check(mp_pool_map(pool, work, MP_ITEMS(items),
                      MP_RESULTS(results)));
    printf("waiting for at most %g s\n", limit);
    for (int i = 0; i < 4; i++) {
        sum += results[i];
    }
    printf("sum %d\n", sum);
    // ---- end of your part
    mp_pool_free(pool);
}
