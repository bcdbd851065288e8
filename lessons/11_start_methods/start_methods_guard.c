// # Why there is a guard
//
// Most programs of the notes have a guard, `if __name__ ==
// '__main__':`. (Three have a pool and no guard:
// `make lesson-pool_squares_guard` shows what comes of that. Two write
// it with a single `=`, which Python does not accept.) The guard
// divides a program. Each new image runs what is above it, and the main
// process alone runs what is below it. In C the call of `mp_main` is
// the guard. Watch which process prints `above the guard`.

#include "lesson.h"

static int f(void *args)
{
    (void)args;
    printf("f runs, pid %d\n", (int)getpid());
    return 0;
}

static void run(const char *method)
{
    mp_process p;
    printf("--- %s\n", method);
    check(mp_process_init(&p, .context = mp_get_context(method),
                          .target = f));
    check(mp_process_start(&p));
    check(mp_process_join(&p, MP_FOREVER));
    check(mp_process_close(&p));
}

// fork's child goes on inside `mp_process_start`, and does not come
// here. Spawn's child is a new image, so it begins at the top of main.
// There `mp_main` runs `f` and ends the process. Without it the child
// would run the lines below, and start a child. That child would start
// another one, and so on without end: a fork bomb. The library does not
// let it come to that: it refuses the start, and says why. Python
// refuses it as well, by a RuntimeError in the child. (But the workers
// of an unguarded Python Pool fail without end, since the pool replaces
// each of them: `make lesson-pool_squares_guard`.)
int main(int argc, char **argv)
{
    printf("above the guard, pid %d\n", (int)getpid());
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);
    printf("below the guard, pid %d\n", (int)getpid());

    run("fork");
    run("spawn");
}

// ## What happens underneath
//
// The library starts a new image by the path `/proc/self/exe`. No shell
// uses this path. The kernel keeps, for each process, the path by which
// its program was started. `mp_spawn_is_image()` in
// `common/start/spawn.c` compares the two, so the library recognises a
// new image even before `mp_main` is called. In a new image it starts
// no process until then (`consider_main()` in
// `common/start/context.c`). This is the refusal that prevents the fork
// bomb. A program that never calls `mp_main` cannot use spawn at all.
//
// Python imports the main module again in the child, under the name
// `__mp_main__`. Everything outside the guard runs: imports,
// definitions, and also a slow computation, if there is one. A Python
// program that was packed into one file must also call
// `freeze_support()`.
//
// ## Try this
//
// - Move `mp_main` below `run("spawn")`. What does `check` say, and in
//   which process?
// - Move it between the two calls of `run`, and remove the line with
//   `lesson_no_arguments`. Which start fails now? What would happen if
//   fork were allowed there?
// - In Python, remove the second guard, the one above `run`, and read
//   the error. In which process does it happen?
// - Add `run("forkserver")` twice. Which process prints `above the
//   guard` now, and how often? (In Python each of the two children
//   prints it.)
