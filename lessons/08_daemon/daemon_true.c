// # A daemon is not
//
// One line more, Python's `p.daemon = True`, and the child ends with
// its program. Watch what is missing: `end time is` never comes. Even
// `start time is` comes rarely: mostly the child is ended before it
// prints, and through a pipe what it printed is lost with its buffer.
// (A Unix daemon is something else: a service that outlives whoever
// started it. This one is the opposite.)

#include "lesson.h"

static int worker(void *args)
{
    const double *ti = args;
    printf("start time is %s\n", time_ctime());
    time_sleep(*ti);
    printf("end time is %s\n", time_ctime());
    return 0;
}

int main(int argc, char **argv)
{
    double ti = 3;
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[seconds]", &ti, 1);

    printf("the number of cpu is %d\n", mp_cpu_count());
    mp_process p;
    check(mp_process_init(&p, .target = worker, MP_ARGS(ti)));
    check(mp_process_set_daemon(&p, true));
    check(mp_process_start(&p));
    printf("end!!!\n");
}

// ## What happens underneath
//
// `stop_daemons()` in `common/process/current.c` sends SIGTERM, and to
// a child that does not end by it SIGKILL after a grace of two seconds.
// (Python sends SIGTERM and then waits for ever.) If this program is
// killed, its exit handlers do not run; then the kernel tells the
// daemon, and it ends in `leave_if_orphaned()` in
// `common/process/parent_death.c`. (Under forkserver, lesson 11, the
// server ends first, and the daemon with it.) Python's daemons run on.
//
// ## Try this
//
// - Sleep half a second before `end!!!`. Which lines come now, on the
//   terminal and through a pipe?
// - Call `pause()` after `end!!!`, and run it with `ARGS=60`. Find it
//   with `ps -e --forest`, and kill the uppermost `daemon_true` with
//   `kill -9`. Does the worker live on? Does Python's? (There:
//   `signal.pause()`.)
