// # A pool without a guard
//
// The three pool programs of the notes have no `if __name__ ==
// '__main__':`. Under fork they run. Where a child is a new image of
// the program, as on Windows, each worker of Python's `Pool(4)` runs
// the whole file again, and would make a pool of its own. It is refused
// and ends; the pool starts another worker in its place, and so on
// without end, while the program waits for its squares.
//
// In C the guard is `mp_main`, and this program does not call it. Watch
// what the library says under spawn, and that fork works. The Python
// original runs two unguarded programs, a Process and the notes' pool.
// It kills the second one once 8 workers have failed, or after 200
// seconds with all that it has started.

#include "lesson.h"

static int func(const void *arg, void *result)
{
    int num = *(const int *)arg;
    *(int *)result = num * num;
    return 0;
}

// A pool that cannot have its workers is not made: `mp_pool_new`
// returns NULL, and no process was started.
static void square(const char *method)
{
    int num = 7, result;
    mp_pool *pool = mp_pool_new(.processes = 4,
                                .context = mp_get_context(method));
    if (pool == NULL) {
        printf("%s: %s\n", method, mp_error());
        return;
    }
    check(mp_pool_apply(pool, func, MP_ITEM(num), MP_RESULT(result)));
    printf("%s: %d\n", method, result);
    check(mp_pool_close(pool));
    check(mp_pool_join(pool));
    mp_pool_free(pool);
}

int main(int argc, char **argv)
{
    lesson_no_arguments(argc, argv);
    square("spawn");
    square("fork");
}

// ## What happens underneath
//
// Before it starts a new image, the library looks whether `mp_main` was
// called in this process: `consider_main()` in
// `common/start/context.c`. A program without that call could only run
// `main` from the top again, in each child. Python has no such mark. A
// child that starts a process while it still imports the main module
// gets a RuntimeError. So each new worker is refused something, and the
// program itself nothing.
//
// ## Try this
//
// - Call `mp_main` at the top of main. What is printed under spawn?
// - In the Python original, put the last three lines of `POOL` behind a
//   guard. How many workers fail then? (The other words of the line
//   stay, and are false then.)
