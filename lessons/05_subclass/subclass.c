// # A class of your own
//
// Python's other style: `class MyProcess(Process)` with a method `run`.
// In C a subclass is a struct that begins with its base, and its method
// is one function pointer. Watch the names, which come from the class:
// MyProcess-1, MyProcess-2, MyProcess-3, in an order that varies. (The
// notes do not show the output of this program, only that of lesson
// 3's, which is alike but for the names.)

#include "lesson.h"

// The base comes first, so it has the same address as the whole. A
// pointer to either of them can be converted to a pointer to the other.
struct my_process {
    mp_process base;
    double seconds;
};

// Python: `def run(self)`. The child calls it in place of the base's
// run, which would call the target. The argument is the child's copy of
// the object. It points to the base, which is the beginning of a
// `struct my_process`.
static int my_process_run(mp_process *base)
{
    const struct my_process *self = (struct my_process *)base;
    printf("hello %s %s\n", mp_process_name(base), time_ctime());
    time_sleep(self->seconds);
    return 0;
}

// Python: `def __init__(self)`, which calls `super().__init__()`. The
// default name is made of the class name and a number. The size is that
// of the whole object. A forked child has a copy of the object in any
// case, but the other start methods (lesson 11) have to send it, and
// must know its size.
static int my_process_init(struct my_process *self, double seconds)
{
    self->seconds = seconds;
    return mp_process_init(&self->base, .class_name = "MyProcess",
                           .run = my_process_run, .size = sizeof *self);
}

int main(int argc, char **argv)
{
    double seconds = 1;
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[seconds]", &seconds, 1);

    struct my_process p_list[3];
    for (int i = 0; i < 3; i++) {
        check(my_process_init(&p_list[i], seconds));
        check(mp_process_start(&p_list[i].base));
    }
    for (int i = 0; i < 3; i++) {
        check(mp_process_join(&p_list[i].base, MP_FOREVER));
        check(mp_process_close(&p_list[i].base));
    }
    printf("end\n");
}

// ## See it
//
// `make side-subclass` shows C and Python side by side, without this
// text. Find the three parts of the class in both: what it holds, how
// it is constructed, and `run`. A window of 130 columns has room for
// both.
//
// ## What happens underneath
//
// `mp_process_bootstrap()` in `common/process/process.c` calls
// `process->run(process)`. The pointer decides which function that is.
// A method that can be overridden is no more than such a pointer.
// `set_identity()` in `common/process/current.c` makes the names.
//
// ## Try this
//
// - Construct an object and do not start it, before the loop. Which
//   numbers do the names have now?
// - Call `p_list[0].base.run(&p_list[0].base)` between the two loops.
//   Does it start a process?
