// # The same without join
//
// This is the first program of this lesson without its joins. The main
// process no longer waits before it prints `end`, so `end` may come
// first, last or between the others. Run it a few times, also through a
// pipe (`make lesson-many_no_join | cat`): then a child's line stays in
// the child's buffer until the child ends. `make many-many_no_join`
// counts the orders of 200 runs. On one machine 19 of the 24 possible
// orders came, and in some of them `end` is the first line. Two things
// never vary: each line is printed once, and the program ends after its
// last child.

#include "lesson.h"

struct f_args {
    char name[20];
    double seconds;
};

static int f(void *args)
{
    const struct f_args *given = args;
    printf("hello %s %s\n", given->name, time_ctime());
    time_sleep(given->seconds);
    return 0;
}

// Nothing is closed here: `mp_process_close` would fail, since the
// children still run. At its end the program joins them by itself, as
// Python does. So a program waits for its children also without `join`.
// With `join` you choose where it waits.
int main(int argc, char **argv)
{
    double seconds = 1;
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[seconds]", &seconds, 1);

    mp_process p_list[3];
    for (int i = 0; i < 3; i++) {
        struct f_args args = { .seconds = seconds };
        snprintf(args.name, sizeof args.name, "alvin:%d", i);
        check(mp_process_init(&p_list[i], .target = f, MP_ARGS(args)));
        check(mp_process_start(&p_list[i]));
    }
    printf("end\n");
}

// ## What happens underneath
//
// When `main` returns, the array `p_list` no longer exists, and yet the
// children are joined. `end()` in `common/process/exit.c` is an exit
// handler, a function that the C library calls when a program ends
// (atexit(3)). The library has a record of its own for each child
// (`common/process/children.h`), and `end` goes through them.
//
// ## Try this
//
// - Move the `printf` before the loop, and print "end, " without a
//   newline. It appears once. How often does it appear in a program
//   that calls `printf("end, ")` and then `fork()`, and why?
// - Call `_exit(0)` after the `printf`: it runs no exit handler. What
//   does your shell show, when, and where do the children's lines come?
//   And through a pipe?
