// # A callback instead of a promise
//
// `pool.apply_async(func, (item,), callback=add)` calls `add` with the
// result when it is there. Nobody has to keep the promises and ask each
// of them. If the task fails, `error_callback` is called in its place.
// Watch that the squares are nine and not ten, that one error is
// reported, and in which thread all this happens.

#include "lesson.h"

#include <threads.h>

static int func(const void *arg, void *result)
{
    int num = *(const int *)arg;
    *(int *)result = num * num;
    return num == 7;  // 7 is refused
}

// What the callbacks know: C has no closures, so they get a pointer.
struct tally {
    thrd_t main_thread;
    int squares, sum, errors;
    bool elsewhere;
};

static void count_thread(struct tally *tally)
{
    if (!thrd_equal(thrd_current(), tally->main_thread)) {
        tally->elsewhere = true;
    }
}

// The first parameter is the promise. All is over, so `get` does not
// wait.
static void add(mp_async_result *result, void *arg)
{
    struct tally *tally = arg;
    int square;
    check(mp_async_result_get(result, &square, MP_FOREVER));
    tally->squares++;
    tally->sum += square;
    count_thread(tally);
}

static void report(mp_async_result *result, void *arg)
{
    struct tally *tally = arg;
    if (mp_async_result_get(result, NULL, MP_FOREVER) == -1) {
        printf("error: %s\n", mp_error());
    }
    tally->errors++;
    count_thread(tally);
}

// Each promise is freed at once. Its task is done, and its callback is
// called, all the same.
int main(int argc, char **argv)
{
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);

    struct tally tally = { .main_thread = thrd_current() };
    mp_pool *pool = mp_pool_new(.processes = 4);
    check(pool);
    for (int num = 1; num <= 10; num++) {
        mp_async_result *result = mp_pool_apply_async(
            pool, func, MP_ITEM(num), .result_size = sizeof(int),
            .callback = add, .error_callback = report,
            .callback_arg = &tally);
        check(result);
        mp_async_result_free(result);
    }
    check(mp_pool_close(pool));
    check(mp_pool_join(pool));

    printf("%d squares, their sum is %d; %d error\n", tally.squares,
           tally.sum, tally.errors);
    printf("callbacks were called in %s\n",
           tally.elsewhere ? "another thread" : "the main thread");
    mp_pool_free(pool);
}

// ## What happens underneath
//
// Python's parent has a thread that reads the results, and this thread
// calls the callbacks. A callback that takes long holds up all other
// results, and one that waits for its own result waits for ever.
//
// Our parent has no such thread. A call on the pool, or on a result,
// finds out that a task is done. Before it returns, it calls the
// callback, in the thread that made the call: `mp_pool_unlock()` in
// `common/pool/workers.c`. Here that call is a later one in the loop,
// or `join`. So a callback needs no lock against the thread that has
// submitted the task, if there is only one. In Python, `tally` is
// changed by another thread than the main one.
//
// ## Try this
//
// - Let the parent sleep for a second before `close`. When does it
//   print the error, and when does Python?
// - Let `add` submit another task, in C and in Python. Is it taken if
//   `add` runs before `close`, and if it runs later? (In Python a
//   refusal ends the thread that reads the results, and `join` waits
//   for ever: Ctrl-C.)
