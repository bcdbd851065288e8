// # Who am I, as an object
//
// `current_process()` is the Process object of the process that calls
// it, and `parent_process()` is the object of its parent. So a process
// knows its name and not only its number. Watch the names of a child
// and of a child's child.

#include "lesson.h"

static void introduce(void)
{
    const mp_process *me = mp_current_process();
    const mp_process *parent = mp_parent_process();
    printf("I am %s with pid %d, ", mp_process_name(me),
           (int)mp_process_pid(me));
    if (parent == NULL) {
        printf("and nobody's child\n");
    } else {
        printf("child of %s with pid %d\n", mp_process_name(parent),
               (int)mp_process_pid(parent));
    }
}

// The name of a child's child shows the way from the main process:
// Process-1:1 is the first child of Process-1.
static int child(void *args)
{
    int generations = *(int *)args - 1;
    introduce();
    if (generations > 0) {
        mp_process p;
        check(mp_process_init(&p, .target = child,
                              MP_ARGS(generations)));
        check(mp_process_start(&p));
        check(mp_process_join(&p, MP_FOREVER));
        check(mp_process_close(&p));
    }
    return 0;
}

int main(int argc, char **argv)
{
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);
    int generations = 3;
    child(&generations);
}

// ## What happens underneath
//
// A new child calls `mp_current_become()` in
// `common/process/current.c`. The object that was `current` in the
// parent becomes the child's `parent`. The object that was started
// becomes the child's `current`. And the child counts the names of its
// own children from 1.
//
// ## Try this
//
// - Let each generation start two children. What are they called?
// - In a child, join `mp_parent_process()` with a time-out of 0, and
//   without `check`. If it returns -1 and `mp_error()` is "timed out",
//   the parent is alive. How else can you ask that? (In the main
//   process `mp_parent_process()` is NULL.)
