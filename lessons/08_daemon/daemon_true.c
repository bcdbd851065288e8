// # A daemon is not waited for
//
// One line more, Python's `p.daemon = True`, and the child ends with
// its program. Watch what is missing: `end time is` never comes. Even
// `start time is` need not come: the child may be ended before it
// prints, and through a pipe its text is lost with its buffer.
// `make many-daemon_true` counts how often. On one machine it came in
// 74 % of the runs, and in 16 % when other programs kept the CPUs busy.
// (The output in the notes is `end!!!` alone. Their program prints
// `the number of cpu is` before it, as ours does.)
//
// (One of the notes begins its line `# process.daemon = True` with two
// no-break spaces, U+00A0. A program into which it is copied is refused
// by Python with a SyntaxError.)
//
// A daemon of Unix is something else: a service that outlives the
// program that started it. A daemonic Process is the opposite. The word
// is that of Python's threads, which have the same flag: the table in
// lesson 9 compares the two.

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
// `stop_daemons()` in `common/process/exit.c` sends SIGTERM. A child
// that has not ended two seconds later gets SIGKILL. (Python sends
// SIGTERM and then waits for ever.) If this program is killed, its exit
// handlers do not run. Then the kernel sends the daemon a signal, and
// the daemon ends in `leave_if_parent_died()` in
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
