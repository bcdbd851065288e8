// # A process at work
//
// `worker` prints the time six times. Meanwhile the main process asks
// for its pid and its name, and whether it is alive. Python writes
// `p.pid`, `p.name`, `p.is_alive()`. (The notes' `is_live()` does not
// exist.) Watch that the answers come at once: these calls do not wait.
// (In the notes the worker sleeps 3 s each time, 18 s in all.)

#include "lesson.h"

static int worker(void *args)
{
    const double *ti = args;
    for (int n = 6; n > 0; n--) {
        printf("time is %s\n", time_ctime());
        time_sleep(*ti);
    }
    return 0;
}

// `mp_cpu_count()` is the number of CPUs of the machine, Python's
// `cpu_count()`. In a container or under `taskset` this process may use
// fewer: `mp_usable_cpu_count()` is their number.
//
// There is no join. The program waits for its child when it ends.
int main(int argc, char **argv)
{
    double ti = 0.5;
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[seconds]", &ti, 1);

    printf("the number of cpu is %d\n", mp_cpu_count());
    mp_process p;
    check(mp_process_init(&p, .target = worker, MP_ARGS(ti)));
    check(mp_process_start(&p));
    printf("pid is %d\n", (int)mp_process_pid(&p));
    printf("name is %s\n", mp_process_name(&p));
    printf("isalive is %s\n",
           mp_process_is_alive(&p) ? "True" : "False");
}

// ## See it
//
// `make timeline-lifecycle_states` draws four children, one after the
// other. The end of each row says how it ended: by itself, with status
// 3, killed by SIGTERM, killed by SIGKILL. This is what `exitcode` says
// in the program.
//
// ## What happens underneath
//
// `mp_process_is_alive()` in `common/process/state.c` asks the kernel
// whether the child has ended. If it has, `reap()` in
// `common/process/children.c` collects its status. Other code of the
// program may have collected it before, with `wait()`. Then Python's
// `is_alive()` is True for ever, and ours is False.
//
// ## Try this
//
// - Compare `make lesson-lifecycle` and `make lesson-lifecycle | cat`.
//   When do the six lines come, and why?
// - Print `mp_usable_cpu_count()`, and run it as
//   `taskset -c 0 make lesson-lifecycle`.
