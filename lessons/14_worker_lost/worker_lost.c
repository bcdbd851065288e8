// # A worker is lost, and what it was doing
//
// This program computes the squares of lesson 12 again, but the worker
// that squares 7 is killed while it does so. The kernel kills processes
// like this when memory runs out. Watch the line of the 7. All other
// squares are computed, also one that is asked for later.
//
// Python's Pool starts another worker, too, but it does not know which
// task the dead worker had, so `get()` waits for ever. The Python
// original gives up after two seconds, by `get(timeout=2)`, and prints
// another line for the 7. It cannot end by `close` and `join` either,
// since `join` waits for the lost task. It calls `terminate`.

#include "lesson.h"

#include <signal.h>

// SIGKILL is signal number 9. No process can catch or ignore it.
static int func(const void *arg, void *result)
{
    int num = *(const int *)arg;
    if (num == 7) {
        kill(getpid(), SIGKILL);
    }
    *(int *)result = num * num;
    return 0;
}

// When `get` fails, `mp_async_result_failure` says more. Its second
// argument says which failure, counted from 0, since one `map` may have
// several. Here `status` is an exit code as in lesson 6: -N if
// signal N killed the worker. A task that calls `exit` or crashes is
// reported in the same way.
static void show(int num, mp_async_result *result)
{
    int square;
    mp_pool_failure failure;
    if (mp_async_result_get(result, &square, MP_FOREVER) == 0) {
        printf("%d\n", square);
        return;
    }
    check(mp_async_result_failure(result, 0, &failure));
    printf("%d was lost: worker %d was killed by signal %d\n", num,
           (int)failure.worker, -failure.status);
}

int main(int argc, char **argv)
{
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);

    const int lst[10] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };
    mp_pool *pool = mp_pool_new(.processes = 4);
    check(pool);
    mp_async_result *results[10];
    for (int i = 0; i < 10; i++) {
        results[i] = mp_pool_apply_async(pool, func, MP_ITEM(lst[i]),
                                         .result_size = sizeof(int));
        check(results[i]);
    }
    for (int i = 0; i < 10; i++) {
        show(lst[i], results[i]);
        mp_async_result_free(results[i]);
    }

    int num = 11, square;
    check(mp_pool_apply(pool, func, MP_ITEM(num), MP_RESULT(square)));
    printf("%d\n", square);
    check(mp_pool_close(pool));
    check(mp_pool_join(pool));
    mp_pool_free(pool);
}

// ## See it
//
// `make timeline-worker_lost` draws it. One worker is killed by
// SIGKILL, and a fifth child begins, the new worker. The program in C
// ends after some milliseconds. Python starts a new worker, too, and
// then all wait (`.`) until two seconds are over.
//
// ## What happens underneath
//
// A worker takes a task by a compare-and-swap (lesson 12), and this one
// step also writes the worker's number into the task's word. There is
// no moment at which the task is taken and its owner unknown. So the
// parent can always read which worker has which task, also when a
// worker dies at the worst moment. The picture at the top of
// `common/pool/board.h` shows it: the parent changes CLAIMED to LOST
// when the worker is dead.
//
// While `get` waits, it checks a hundred times a second that all
// workers are alive. `mp_pool_fail_lost_worker()` in
// `common/pool/workers.c` marks the tasks of a dead worker as LOST, and
// `replace_workers()` in `common/pool/workers.c` starts another worker.
//
// The lost task is not done again. It may have done half of something,
// such as a payment. Your program decides whether to submit it again.
//
// ## Try this
//
// - Let `func` call `exit(5)` instead of `kill`, and print `mp_error()`
//   where `get` fails. Why is the line that `show` prints wrong now?
// - Use one `mp_pool_map` (lesson 13) with `.chunksize = 5`, without
//   `check`, and print `mp_error()`, which counts items from 0 on.
//   Which items are lost together with the 7, and why?
// - Let the worker be killed only sometimes, by `random_randint(0, 1)`,
//   and call `mp_pool_apply` for a lost item until it is done.
