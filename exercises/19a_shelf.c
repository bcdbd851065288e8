// # A shelf with two places
//
// Main puts four items on a shelf, which has room for two. Four
// consumers take one item each and end. Write your part: `put`, which
// waits while the shelf is full, and `take`, which waits while it is
// empty. Both wake those who wait. Where there is room, or an item,
// they call `change` with 1 or -1, which prints for example:
//
//     +1, 1 on the shelf
//     -1, 0 on the shelf
//
// The second numbers differ from run to run, and are always from 0 to
// 2.
//
// Before the first item main rings a bell: it notifies all that wait,
// and there is no item yet. It makes a pause before and after this: it
// joins a child that sleeps for `seconds`.

#include "lesson.h"

struct shelf {
    mp_condition changed;
    int items;
};

struct args {
    struct shelf *shelf;
    double seconds;
};

static void change(struct shelf *shelf, int by)
{
    shelf->items += by;
    printf("%+d, %d on the shelf\n", by, shelf->items);
}

static void put(struct shelf *shelf)
{
    // ---- your part
    change(shelf, 1);
}

static void take(struct shelf *shelf)
{
    change(shelf, -1);
    // ---- end of your part
}

static int consumer(void *args)
{
    take(((struct args *)args)->shelf);
    return 0;
}

static int sleeper(void *args)
{
    printf("pause: process %d sleeps\n", getpid());
    time_sleep(((struct args *)args)->seconds);
    return 0;
}

int main(int argc, char **argv)
{
    mp_process p[6];  // four consumers, and a sleeper for each pause
    struct args args = { .seconds = 0.1 };
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[seconds]", &args.seconds, 1);

    check(args.shelf = mp_array(struct shelf, 1));
    for (int i = 0; i < 6; i++) {
        check(mp_process_init(&p[i], MP_ARGS(args),
                              .target = i < 4 ? consumer : sleeper));
        check(mp_process_start(&p[i]));
        if (i == 4) {
            check(mp_process_join(&p[4], MP_FOREVER));
            check(mp_condition_acquire(&args.shelf->changed,
                                       MP_FOREVER));
            check(mp_condition_notify_all(&args.shelf->changed));
            check(mp_condition_release(&args.shelf->changed));
        }
    }
    check(mp_process_join(&p[5], MP_FOREVER));
    for (int i = 0; i < 4; i++) {
        put(args.shelf);
    }
    for (int i = 0; i < 4; i++) {
        check(mp_process_join(&p[i], MP_FOREVER));
    }
}
