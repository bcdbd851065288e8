// # How far is it?
//
// A long `map_async` leaves the parent free to tell how far it is.
// `ready` only says whether all is over. `mp_async_result_done` says
// how many items are over. Python has no such method: programs read
// `_number_left`, which its manual does not mention, or count what
// `imap_unordered` gives. Watch the times, which are measured and vary.

#include "lesson.h"

enum { COUNT = 40 };

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

// An item counts once its whole chunk is over. So the chunks are small
// here: of one item each.
int main(int argc, char **argv)
{
    double seconds = 0.1;
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[seconds]", &seconds, 1);

    struct item lst[COUNT];
    for (int i = 0; i < COUNT; i++) {
        lst[i] = (struct item){ i + 1, seconds };
    }
    mp_pool *pool = mp_pool_new(.processes = 4);
    check(pool);
    double start = mp_clock_now();
    mp_async_result *results = mp_pool_map_async(
        pool, func, MP_ITEMS(lst), .result_size = sizeof(int),
        .chunksize = 1);
    check(results);
    for (int part = 25; part <= 100; part += 25) {
        while (mp_async_result_done(results) * 100 < part * COUNT) {
            time_sleep(0.001);
        }
        printf("%d %% are over after %.3f s\n", part,
               mp_clock_now() - start);
    }

    int squares[COUNT];
    check(mp_async_result_get(results, squares, MP_FOREVER));
    printf("the last square is %d\n", squares[COUNT - 1]);
    mp_async_result_free(results);
    check(mp_pool_close(pool));
    check(mp_pool_join(pool));
    mp_pool_free(pool);
}

// ## What happens underneath
//
// The state of each chunk is in its word on the job board (lesson 12).
// The parent reads these words whenever it likes, and asks no worker:
// `mp_async_result_done()` in `common/pool/async_result.c`.
//
// In Python the thread that reads the results counts the chunks that
// are left.
//
// ## Try this
//
// - Leave out `.chunksize`, here and in the Python original. Which
//   chunksize is it then, and when is the first quarter over? Can
//   Python's answer be right?
// - Print a line whenever the number has changed.
// - Let one worker be killed in the middle (lesson 14). Is the item
//   that it had counted?
