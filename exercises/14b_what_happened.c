// # What happened to it?
//
// A pool does eight items, two in each chunk. A task may kill its
// worker by a signal, end it by `exit`, or return a number that is not
// 0. (The item says which: 209 is signal 9, 104 is `exit(4)`, and 3 is
// `return 3`.) Main prints a line for each item that failed, in their
// order. For the items 0, 0, 209, 0, 0, 3, 104 and 0 these are:
//
//     item 2: its worker was killed by signal 9
//     item 3: its worker was killed by signal 9
//     item 5: the task returned 3
//     item 6: its worker ended with status 4
//     item 7: its worker ended with status 4
//     5 failed
//
// Item 3 was in the chunk of the worker that item 2 killed.
// `mp_async_result_failure` (in `common/pool/pool.h`) tells of the
// failure of one item, or of several that failed together. Its `error`
// is ECHILD where the worker ended, and EBADMSG where the task returned
// a number. Write your part: print the lines of the items, and count
// them in `failed`.

#include "lesson.h"

#include <errno.h>
#include <signal.h>

static int work(const void *arg, void *result)
{
    int code = (int)*(const double *)arg;
    (void)result;
    if (code >= 200) {
        kill(getpid(), code - 200);
    } else if (code >= 100) {
        exit(code - 100);
    }
    return code;
}

int main(int argc, char **argv)
{
    double codes[8] = { 0, 0, 209, 0, 0, 3, 104, 0 };
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[code of each item]", codes, 8);

    mp_pool *pool = mp_pool_new(.processes = 2);
    check(pool);
    mp_async_result *promise = mp_pool_map_async(
        pool, work, MP_ITEMS(codes), .chunksize = 2);
    check(promise);
    int failed = 0;
    // ---- your part
    check(mp_async_result_get(promise, NULL, MP_FOREVER));
    // ---- end of your part
    printf("%d failed\n", failed);
    mp_async_result_free(promise);
    check(mp_pool_close(pool));
    check(mp_pool_join(pool));
    mp_pool_free(pool);
}
