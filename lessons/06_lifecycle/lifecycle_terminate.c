// # terminate asks, kill does not
//
// The notes say that `terminate()` stops a process at once, whether its
// work is done or not. It sends SIGTERM, and returns. Python's
// `p.terminate()` is the same. This child ignores that signal, as a
// program may that has something to finish. Watch that it is alive half
// a second later. `kill` sends SIGKILL, which no process can ignore.

#include "lesson.h"

#include <signal.h>

static int sleep_long(void *args)
{
    (void)args;
    time_sleep(60);
    return 0;
}

static void show(const char *after, const mp_process *p)
{
    printf("after %s: alive %s\n", after,
           mp_process_is_alive(p) ? "True" : "False");
}

// A child inherits which signals are ignored, by each start method. So
// the parent ignores SIGTERM while it starts the child, and the signal
// cannot come too early.
int main(int argc, char **argv)
{
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);

    mp_process p;
    check(mp_process_init(&p, .target = sleep_long));
    signal(SIGTERM, SIG_IGN);
    check(mp_process_start(&p));
    signal(SIGTERM, SIG_DFL);

    check(mp_process_terminate(&p));
    mp_process_join(&p, 0.5);  /* a time-out, so no check */
    show("terminate", &p);
    check(mp_process_kill(&p));
    check(mp_process_join(&p, MP_FOREVER));
    show("kill", &p);
    printf("exitcode %d\n", mp_process_exitcode(&p));
    check(mp_process_close(&p));
}

// ## What happens underneath
//
// `mp_process_terminate()` in `common/process/process.c` sends the
// signal and waits for nothing. A signal is delivered when the kernel
// next lets the child run. A child that handles SIGTERM decides what it
// still does, and when it ends.
//
// ## Try this
//
// - Call `mp_process_kill` only if the join before it has failed with
//   `errno` `ETIMEDOUT`: that is how to end a child that may ignore
//   SIGTERM, and to let it clean up if it does not.
// - Leave the two calls of `signal` out. What is printed now?
