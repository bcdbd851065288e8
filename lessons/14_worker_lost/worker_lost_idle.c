// # Killed while idle
//
// Four workers have nothing to do, and all of them are killed. Watch
// what the pool does afterwards: it squares another number, and closes
// and joins as usual.
//
// Python's Pool starts four others as well, and they hang. In its pool
// one idle worker reads from the pipe through which the tasks come, and
// holds a lock meanwhile. All other workers wait for this lock. When
// the worker that holds it is killed, the lock stays locked, and
// `terminate()` waits for it, too. So the Python original waits a
// second for a result, in vain. It calls `terminate` in a thread, in
// vain. Then it kills the workers itself.

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

// Workers are children, so `active_children` lists them (lesson 7).
// This program has no other children. After the join they are dead, so
// none of them can take the next task. (A worker may be killed at any
// moment, but a task that it has taken is lost with it.)
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
// Our idle workers sleep in the kernel until the parent wakes one, and
// none of them holds a lock. So a worker that is killed in its sleep
// leaves nothing locked.
//
// No thread watches the workers. `mp_pool_apply` checks them, before it
// submits its task and while it waits, and replaces the four
// (`mp_pool_check_workers()` in `common/pool/workers.c`).
//
// ## Try this
//
// - Print the name of each worker before it is killed. Print the names
//   again before `close`. Which number does a new worker get?
// - Instead of the two calls in the loop, stop the first worker alone,
//   by `kill(mp_process_pid(&active[0]), SIGSTOP)`. Is the 3 squared?
//   How long does `mp_pool_join` take? `common/pool/pool.h` says what
//   it does with a worker that is stopped.
