// # Killed while idle
//
// Four workers have nothing to do, and all of them are killed. Watch
// whether the pool is of any use afterwards: here it squares another
// number, and closes as if nothing had happened.
//
// Python's Pool starts four others as well, and they hang. One idle
// worker reads from the pipe that tasks come through, and holds a lock
// meanwhile, for which all others wait. Nobody unlocks it when that
// worker is killed, and `terminate()` waits for the same lock. So the
// Python original asks for an answer within a second, in vain, calls
// `terminate` in a thread, in vain, and kills the workers itself.

#include "lesson.h"

static int func(const void *arg, void *result)
{
    int num = *(const int *)arg;
    *(int *)result = num * num;
    return 0;
}

static void apply(mp_pool *pool, int num)
{
    int square;
    check(mp_pool_apply(pool, func, MP_ITEM(num), MP_RESULT(square)));
    printf("%d\n", square);
}

// Workers are children, so `active_children` has them (lesson 7), and
// nobody else here. The join makes sure that they are dead before the
// pool is asked again: a worker may be killed at any moment, but then
// it may have taken the task already, which would be lost with it.
int main(int argc, char **argv)
{
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);

    mp_pool *pool = mp_pool_new(.processes = 4);
    check(pool);
    apply(pool, 2);

    mp_process active[4];
    int count = mp_active_children(active, 4);
    for (int i = 0; i < count; i++) {
        check(mp_process_kill(&active[i]));
        check(mp_process_join(&active[i], MP_FOREVER));
    }
    printf("killed %d idle workers\n", count);

    apply(pool, 3);
    check(mp_pool_close(pool));
    check(mp_pool_join(pool));
    mp_pool_free(pool);
    printf("joined\n");
}

// ## What happens underneath
//
// An idle worker sleeps in the kernel, and holds no lock
// (`mp_eventcount_await()` in `common/base/futex.c`). Killing it
// leaves nothing behind but a count of sleepers that is one too high,
// which costs a needless call now and then. No thread watches the
// workers: `mp_pool_apply` does, before it hands its task in and while
// it waits, and replaces the four (`mp_pool_check_workers()` in
// `common/pool/workers.c`).
//
// ## Try this
//
// - Print the name of each worker before it is killed, and then, after
//   the 3, of those that are there before `close`. Which number does a
//   new worker get?
// - In the place of the two calls in the loop, stop the first worker by
//   `kill(mp_process_pid(&active[0]), SIGSTOP)`, and no other. Is the 3
//   squared? How long does `mp_pool_join` take? `common/pool/pool.h`
//   says what it does with a worker that is stopped.
