// # Every state, every exit code
//
// A process has four states: constructed, running, ended, closed. This
// program prints `exitcode` and `is_alive()` in each state. In the last
// one there is no answer but an error. Watch the exit code. It is None
// until the child has ended. It is n when the child ended by itself
// with status n, and -N when signal N killed it.

#include "lesson.h"

// Python prints None where we have `MP_NONE`.
static void show(const char *state, const mp_process *p)
{
    int exitcode = mp_process_exitcode(p);
    char text[16] = "None";
    if (exitcode != MP_NONE) {
        snprintf(text, sizeof text, "%d", exitcode);
    }
    printf("%s: exitcode %s, alive %s\n", state, text,
           mp_process_is_alive(p) ? "True" : "False");
}

static int leave(void *args)
{
    mp_exit(*(int *)args);
}

static int sleep_long(void *args)
{
    time_sleep(*(double *)args);
    return 0;
}

// The child ends by itself. `mp_exit` is Python's `sys.exit`.
static void end_with(int status)
{
    mp_process p;
    check(mp_process_init(&p, .target = leave, MP_ARGS(status)));
    show("constructed", &p);
    check(mp_process_start(&p));
    check(mp_process_join(&p, MP_FOREVER));
    show("ended", &p);
    check(mp_process_close(&p));
}

// The parent ends the child. A join with a time-out returns -1 and sets
// `errno` to ETIMEDOUT if the child still runs. `terminate` sends
// signal 15, SIGTERM, and `kill` sends signal 9, SIGKILL. Neither of
// them waits; the join does. The notes say that `close` ends a child.
// It does not: while the child runs, `close` fails.
static void be_ended(int (*by)(const mp_process *), const char *how)
{
    double seconds = 60;
    mp_process p;
    check(mp_process_init(&p, .target = sleep_long, MP_ARGS(seconds)));
    check(mp_process_start(&p));
    if (mp_process_join(&p, 0.05) == -1 && errno == ETIMEDOUT) {
        show("running", &p);
    }
    if (mp_process_close(&p) == -1) {
        printf("close: %s\n", mp_error());
    }
    check(by(&p));
    check(mp_process_join(&p, MP_FOREVER));
    show(how, &p);
    check(mp_process_close(&p));
    if (mp_process_is_alive(&p) == -1) {
        printf("closed: %s\n", mp_error());
    }
}

int main(int argc, char **argv)
{
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);
    end_with(0);
    end_with(3);
    be_ended(mp_process_terminate, "terminated");
    be_ended(mp_process_kill, "killed");
}

// ## What happens underneath
//
// The kernel keeps an ended child, as a zombie, until its parent
// collects the status. `mp_children_join()` in
// `common/process/children.c` sleeps until the child's pidfd is
// readable. (A pidfd is a descriptor that stands for a process.) Then
// `mp_reap()` in `common/process/reap.c` calls `waitid`, and makes the
// exit code of its answer: the status, or minus the number of the
// signal. (Under forkserver, lesson 11, the child's parent is a server,
// and we read what the child or the server has left in shared memory:
// `ask_slot()` in `common/process/reap.c`.)
//
// ## Try this
//
// - Let `sleep_long` begin with `signal(SIGTERM, SIG_IGN)`: now
//   terminate does nothing, and the join takes the whole minute.
// - End a child with status 256, and with -1. What are the exit codes,
//   and how many bits does the kernel keep?
