// # One result after the other
//
// A pool of four workers does six items. Item i takes `seconds[i]`, and
// an item that takes less than 0.001 s fails. As soon as the result of
// an item is there, and those of all earlier items are, main prints it.
// So nothing is printed before item 0 is over, and the lines come in
// the order of the items. With seconds 0.1 0.2 0 0.3 0.4 0.5:
//
//     item 0: 1
//     item 1: 2
//     item 2 failed
//     item 3: 4
//     item 4: 5
//     item 5: 6
//     6 items
//
// The last line counts all items, also those that failed. Write your
// part: use one of the calls of lesson 13, print the lines of the
// items, and leave their number in `count`.

#include "lesson.h"

struct item {
    int number;
    double seconds;
};

static int work(const void *arg, void *result)
{
    const struct item *given = arg;
    time_sleep(given->seconds);
    *(int *)result = given->number + 1;
    return given->seconds < 0.001;
}

int main(int argc, char **argv)
{
    double seconds[6] = { 0.1, 0.2, 0, 0.3, 0.4, 0.5 };
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[seconds of each item]", seconds, 6);

    struct item items[6];
    for (int i = 0; i < 6; i++) {
        items[i] = (struct item){ i, seconds[i] };
    }
    mp_pool *pool = mp_pool_new(.processes = 4);
    check(pool);
    int count = 0;
    // ---- your part
    int results[6];
    check(mp_pool_map(pool, work, MP_ITEMS(items),
                      MP_RESULTS(results)));
    for (count = 0; count < 6; count++) {
        printf("item %d: %d\n", count, results[count]);
    }
    // ---- end of your part
    printf("%d items\n", count);
    check(mp_pool_close(pool));
    check(mp_pool_join(pool));
    mp_pool_free(pool);
}
