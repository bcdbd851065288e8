// # imap_unordered gives what is ready
//
// Four tasks take four, three, two and one times a while, side by side.
// `pool.imap(func, items)` gives their squares in the order of the
// items, so the parent waits for the slowest one first. Then all are
// there. `pool.imap_unordered` gives whichever is ready. Watch the
// times: with `imap` all are the same, with `imap_unordered` they are
// spread. The order of the second list is that of the ends of the
// tasks. On a busy machine it may vary.

#include "lesson.h"

struct item {
    int num;
    double seconds;
};

static int func(const void *arg, void *result)
{
    const struct item *given = arg;
    time_sleep(given->seconds);
    *(int *)result = given->num * given->num;
    return 0;
}

static void print_all(const char *name, mp_imap_iterator *squares)
{
    double start = mp_clock_now();
    int got, value;
    check(squares);
    while ((got = mp_imap_iterator_next(squares, &value,
                                        MP_FOREVER)) == 1) {
        printf("%s: %d after %.3f s\n", name, value,
               mp_clock_now() - start);
    }
    check(got);
    mp_imap_iterator_free(squares);
}

// The items are an array here. `imap` does not copy it at once, so it
// must be there until the end.
int main(int argc, char **argv)
{
    double seconds = 0.2;
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[seconds]", &seconds, 1);

    struct item lst[4];
    for (int i = 0; i < 4; i++) {
        lst[i] = (struct item){ i + 1, (4 - i) * seconds };
    }
    mp_pool *pool = mp_pool_new(.processes = 4);
    check(pool);
    print_all("imap", mp_pool_imap(pool, func, MP_ITEMS(lst),
                                   .result_size = sizeof(int)));
    print_all("imap_unordered",
              mp_pool_imap_unordered(pool, func, MP_ITEMS(lst),
                                     .result_size = sizeof(int)));
    check(mp_pool_close(pool));
    check(mp_pool_join(pool));
    mp_pool_free(pool);
}

// ## What happens underneath
//
// A worker that ends a task advances a count in shared memory, and
// wakes the parent, which sleeps until this count changes
// (`mp_eventcount_await()` in `common/base/futex.c`). Then the parent
// looks which of the tasks that the iterator has on the board are over:
// `any_is_over()` in `common/pool/async_result.c`. For `imap` it looks
// at the oldest one only.
//
// ## Try this
//
// - Give the pool two workers. In which order do the squares come now,
//   in both ways?
// - Sum up the squares: which of the two ways do you need for that? And
//   for writing them to a file, one line for each item?
// - Add the number to the result, as a struct, so that the parent knows
//   which item a square belongs to.
