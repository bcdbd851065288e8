// # A child is waited for
//
// The main process prints `end!!!` at once, and yet the program goes on
// for three seconds: it waits for its child. Python does the same for
// `Process(target=worker, args=(3,))`. Watch the last line, which is
// the child's. Could `end!!!` come after a line of the child? In the
// 200 runs of `make many-daemon` it came before those lines in 99.5 %
// on one machine: so it could. (The output in the notes lacks the first
// line, `the number of cpu is`, which their program prints, and has
// `end tiem` for `end time`.)

#include "lesson.h"

static int worker(void *args)
{
    const double *ti = args;
    printf("start time is %s\n", time_ctime());
    time_sleep(*ti);
    printf("end time is %s\n", time_ctime());
    return 0;
}

// There is no join and no close. At its end the program joins each
// child that still runs.
int main(int argc, char **argv)
{
    double ti = 3;
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[seconds]", &ti, 1);

    printf("the number of cpu is %d\n", mp_cpu_count());
    mp_process p;
    check(mp_process_init(&p, .target = worker, MP_ARGS(ti)));
    check(mp_process_start(&p));
    printf("end!!!\n");
}

// ## See it
//
// `make timeline-daemon_true` draws a child that is a daemon: it is
// killed by SIGTERM, in C and in Python, before the main process ends.
// Compare `make timeline-daemon`, where main waits for the child.
//
// ## What happens underneath
//
// When `main` returns, the C library calls the exit handlers, functions
// that were registered with `atexit(3)`, the newest first. `end()` in
// `common/process/exit.c` is one of them. `mp_main` registered it
// before all others, so it is called last. It joins every child that
// runs.
//
// ## Try this
//
// - Let `main` return 5. What is the status of the program, and when
//   does the shell know it? Run it as
//   `build/cc/lessons/08_daemon/daemon; echo $?`, since make has a
//   status of its own.
