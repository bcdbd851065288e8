// # imap gives one result after the other
//
// `map` returns when all squares are there. `pool.imap(func, items)`
// returns at once with an iterator, and each step gives the next
// square, in the order of the items, as soon as it is there. So the
// parent works with the first ones while the others are computed. And
// the items need not be a list: they are pulled one by one, from a
// function. Watch an item that fails in the middle, and then how much
// is pulled from an input without end for three squares. In Python that
// number varies.

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
    return given->num == 7;  // 7 is refused
}

// The input: 1, 2, 3 .. up to a last number, or without end. It writes
// the next item and returns 1. At its end it returns 0. (Python's
// generators do that by `yield` and by their end.)
struct numbers {
    int pulled, last;
    double seconds;
};

static int next_number(void *state, void *item)
{
    struct numbers *numbers = state;
    if (numbers->pulled == numbers->last) {
        return 0;
    }
    numbers->pulled++;
    *(struct item *)item =
        (struct item){ numbers->pulled, numbers->seconds };
    return 1;
}

static mp_imap_iterator *square(mp_pool *pool, struct numbers *numbers)
{
    mp_imap_iterator *squares = mp_pool_imap(
        pool, func, .next = next_number, .state = numbers,
        .item_size = sizeof(struct item), .result_size = sizeof(int));
    check(squares);
    return squares;
}

// `mp_imap_iterator_next` returns 1 with a result, and 0 at the end. It
// returns -1 for an item that failed, and the next call goes on.
int main(int argc, char **argv)
{
    double seconds = 0.2;
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[seconds]", &seconds, 1);

    mp_pool *pool = mp_pool_new(.processes = 4);
    check(pool);
    struct numbers ten = { .last = 10, .seconds = seconds };
    double start = mp_clock_now();
    mp_imap_iterator *squares = square(pool, &ten);
    int got, value;
    while ((got = mp_imap_iterator_next(squares, &value,
                                        MP_FOREVER)) != 0) {
        if (got == 1) {
            printf("%d after %.3f s\n", value, mp_clock_now() - start);
        } else {
            printf("%s\n", mp_error());
        }
    }
    mp_imap_iterator_free(squares);

    struct numbers endless = { .last = -1 };
    squares = square(pool, &endless);
    for (int i = 0; i < 3; i++) {
        check(mp_imap_iterator_next(squares, &value, MP_FOREVER));
        printf("%d\n", value);
    }
    time_sleep(seconds);
    printf("for 3 squares %d numbers were pulled\n", endless.pulled);
    mp_imap_iterator_free(squares);
    mp_pool_free(pool);
}

// ## What happens underneath
//
// The iterator has a few tasks on the job board at any time, two for
// each worker if you do not give a `.buffersize`. `fill()` in
// `common/pool/imap.c` pulls the next item when a result has been
// taken. So the memory that it needs does not depend on how many items
// there are. Eight numbers are pulled at first, and one more before the
// second square is given, and before the third.
//
// In Python a thread pulls the items as fast as it can write them to a
// pipe, whether somebody takes results or not. With a long input,
// memory fills with items and results. A parameter `buffersize` that
// bounds this is newer than Python 3.14.
//
// ## Try this
//
// - Give `square` a `.buffersize = 1`. How long do the ten squares
//   take, and why?
// - Give it a `.chunksize = 5`. What is said of 8, 9 and 10, and what
//   does Python do there?
// - Let `next_number` return -1 at the end, with `errno = ENODATA`.
//   When do you hear of it?
