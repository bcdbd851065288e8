// # Why there is a guard
//
// `if __name__ == '__main__':` stands in every program of the notes but
// three. (Two write it with a single `=`, which Python does not accept.
// The three have a pool and no guard: `make lesson-pool_squares_guard`
// shows what comes of that.) It divides the program into what each new
// image of it runs and what the main process alone runs. In C the line
// is the call of `mp_main`. Watch which process prints `above the
// guard`.

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

// fork's child goes on from the middle of start, and never comes here.
// Spawn's is a new image of the program: it begins at the top of main,
// as every program does. In it `mp_main` runs `f`, and ends the
// process. Were the lines below run there, the child would start a
// child, that one another, and so on without end: a fork bomb.
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
// We execute a new image under the path `/proc/self/exe`, which no
// shell uses, and the kernel remembers the path. So an image knows what
// it is, also before `mp_main` (`mp_spawn_is_image()` in
// `common/start/spawn.c`), and the library refuses to start anything
// there. That makes the bomb impossible, and not only unlikely
// (`consider_main()` in `common/start/context.c`). A program that never
// calls `mp_main` cannot spawn at all.
//
// Python imports the main module again in the child, under the name
// `__mp_main__`, and everything in it that is not behind the guard
// runs: imports, definitions, and also a slow computation, if one
// stands there. A program that was frozen into one file needs
// `freeze_support()` besides, for what `mp_main` does here.
//
// ## Try this
//
// - Move `mp_main` below `run("spawn")`. What does `check` say, and in
//   which process?
// - Move it between the two calls of `run`, and take the line with
//   `lesson_no_arguments` away. Who is refused now, and what would have
//   happened if fork were allowed there?
// - In Python, take the second guard away, the one above `run`, and
//   read the error. In which process does it happen?
// - Add `run("forkserver")` twice. Who prints `above the guard` now,
//   and how often? (In Python each of the two children prints it.)
