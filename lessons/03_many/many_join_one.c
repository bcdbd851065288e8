// # join waits for one child
//
// The notes say that `join()` makes the main process wait for all
// children. It waits for the one whose object is asked, as Python's
// `p_list[0].join()` does. The first child ends at once, the other two
// sleep for a minute. Watch that the join of the first returns while
// the others still run.

#include "lesson.h"

static int f(void *args)
{
    const double *seconds = args;
    time_sleep(*seconds);
    return 0;
}

// To wait for all, a program joins each one, in a loop. Here the two
// sleepers are ended first: `mp_process_terminate` sends them a signal,
// a number that the kernel delivers to a process. This one ends the
// process, unless the program has said otherwise (lesson 6).
int main(int argc, char **argv)
{
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);

    mp_process p_list[3];
    for (int i = 0; i < 3; i++) {
        double seconds = i == 0 ? 0 : 60;
        check(mp_process_init(&p_list[i], .target = f,
                              MP_ARGS(seconds)));
        check(mp_process_start(&p_list[i]));
    }
    check(mp_process_join(&p_list[0], MP_FOREVER));
    for (int i = 0; i < 3; i++) {
        printf("%s alive: %s\n", mp_process_name(&p_list[i]),
               mp_process_is_alive(&p_list[i]) ? "True" : "False");
    }
    for (int i = 1; i < 3; i++) {
        check(mp_process_terminate(&p_list[i]));
    }
    for (int i = 0; i < 3; i++) {
        check(mp_process_join(&p_list[i], MP_FOREVER));
        check(mp_process_close(&p_list[i]));
    }
}

// ## What happens underneath
//
// Each child has a descriptor of its own, a pidfd, and
// `mp_children_join()` in `common/process/children.c` sleeps on that
// one alone. The second join of the first child returns at once, since
// the pidfd of a process that has ended stays readable.
//
// ## Try this
//
// - Join `p_list[1]` first, before it is terminated. How long does the
//   program take?
// - Leave the last two loops out. When does the program end, and why?
