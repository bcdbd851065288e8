// # A child works on a copy
//
// The child sets a variable to 2, and in the parent it is still 1.
// After `start` there are two processes, and each has its own memory:
// one never sees what the other writes. This holds in Python and in C,
// under each start method. (Threads share one memory, in both
// languages.) The child's memory is a copy of the parent's under fork
// alone, the default. Under spawn and forkserver the child's `number`
// begins with 1, as in every new run of the program (lesson 11).

#include "lesson.h"

static int number = 1;

static int change(void *args)
{
    (void)args;
    number = 2;
    printf("in the child the number is %d\n", number);
    return 0;
}

// The child gets its copy at the start, and nothing after it. What
// comes back is how the child ended: its exit status, a number from 0
// to 255, or the signal that killed it. Other results go through memory
// that both processes share (the program `arguments_results`; lesson 15
// has more), or come as messages (lesson 20).
int main(int argc, char **argv)
{
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);

    mp_process p;
    check(mp_process_init(&p, .target = change));
    check(mp_process_start(&p));
    check(mp_process_join(&p, MP_FOREVER));
    check(mp_process_close(&p));
    printf("in the parent the number is %d\n", number);
}

// ## What happens underneath
//
// `fork()` copies no memory at first. Parent and child use the same
// pages (blocks of memory, often of 4096 bytes). When one of them
// writes to a page, the kernel copies that page and no other ("copy on
// write", fork(2)). `number` has the same address in both processes,
// and since the child's write it has two values. (Under the other start
// methods the addresses may differ.)
//
// ## Try this
//
// - Print `&number` in both processes. The addresses are equal, and the
//   values differ: how can that be?
// - Set `number` to 5 in `main`, before the start, and print it in
//   `change` before it becomes 2. What does the child find there? And
//   with `MP_START_METHOD=spawn make lesson-arguments_copy`?
// - Call `mp_process_run(&p)` instead of the three calls that follow
//   `mp_process_init`. What is the number then, and in which process
//   does `change` run?
