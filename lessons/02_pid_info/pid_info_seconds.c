// # The child exists only after start
//
// The parent prints its own pid, and the child prints both: Python's
// `p = Process(target=f, args=(3,))`. Constructing the object makes no
// process; `start` does. Watch for the three seconds that the parent
// waits in `join`. (The notes print 主进程pid for `main pid`,
// 父进程pid for `parent pid`, and 子进程pid for `child pid`.
// Under forkserver the `parent pid` is the server's: lesson 11.)

#include "lesson.h"

static int f(void *args)
{
    const double *seconds = args;
    printf("parent pid: %d, child pid: %d\n", (int)getppid(),
           (int)getpid());
    time_sleep(*seconds);
    return 0;
}

// Even a single `double` can be the argument. Python's comma in `(3,)`,
// which makes a tuple of one, has no counterpart in C. `lesson_numbers`
// reads numbers from the command line: `make lesson-pid_info_seconds
// ARGS=1`.
int main(int argc, char **argv)
{
    double seconds = 3;
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[seconds]", &seconds, 1);

    printf("main pid: %d\n", (int)getpid());
    mp_process p;
    check(mp_process_init(&p, .target = f, MP_ARGS(seconds)));
    check(mp_process_start(&p));
    check(mp_process_join(&p, MP_FOREVER));
    check(mp_process_close(&p));
}

// ## What happens underneath
//
// The kernel tells the parent of the child's end through a descriptor,
// a pidfd, which `mp_launch_register()` in `common/start/launch.c`
// opens for each child. `mp_fd_wait()` in `common/base/descriptors.c`
// sleeps until the descriptor is readable. For a file this means that
// there is something to read. A pidfd counts as readable as soon as its
// process has ended.
//
// ## Try this
//
// - Print `mp_process_pid(&p)` before `start` and after it. Before, it
//   is `MP_NONE`, our word for Python's `None`; `%d` shows -2147483648.
// - While it sleeps, type `ps -e --forest` in another terminal, and
//   look for `pid_info_second` (ps shows 15 characters of a name).
//   Whose child is it, up to the first process?
