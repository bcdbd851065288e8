// # A child works on a copy
//
// The child sets a variable to 2, and in the parent it is still 1.
// After `start` there are two processes with a memory each: what one
// writes, the other never sees. Python's processes are the same;
// Python's threads, and C's, are not. (So it is under each start
// method. But the child's memory is a copy of the parent's under fork
// alone, the default. Under spawn and forkserver its `number` begins as
// the program's does, with 1: `make lesson-11`.)

#include "lesson.h"

static int number = 1;

static int change(void *args)
{
    (void)args;
    number = 2;
    printf("in the child the number is %d\n", number);
    return 0;
}

// What goes to the child goes at its start. What comes back is how it
// ended, and nothing else: its exit status, a number from 0 to 255, or
// the signal that killed it. Memory that both may use is the subject of
// lesson 15, messages are that of lesson 20.
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
// `fork()` copies no memory at first. Parent and child look at the same
// pages until one of them writes to a page, and only that page is
// copied then ("copy-on-write", fork(2)). `number` has one address, the
// same in both, and since the child's write two values. (Under the
// other start methods the addresses may differ.)
//
// ## Try this
//
// - Print `&number` in both. Are the addresses equal? Why is that no
//   contradiction?
// - Set `number` to 5 in `main`, before the start, and print it in
//   `change` before it becomes 2. What does the child find there? And
//   with `MP_START_METHOD=spawn make lesson-arguments_copy`?
// - Call `mp_process_run(&p)` instead of the three calls that follow
//   `mp_process_init`. What is the number then, and in which process
//   does `change` run?
