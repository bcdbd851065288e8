// # An object with a state of its own
//
// `MyProcess(3)`: the constructor takes an argument and keeps it in a
// field, and `run`, in the child, finds it there. No `args` are needed.
// The notes say that a subclass must have a method `run`. Without one
// it has its base's, which calls the target: the program
// `subclass_no_run` shows it. (Under forkserver the `parent pid` is the
// server's: lesson 11.)

#include "lesson.h"

struct my_process {
    mp_process base;
    double seconds;
};

static int my_process_run(mp_process *base)
{
    struct my_process *self = (struct my_process *)base;
    printf("parent pid: %d, child pid: %d\n", (int)getppid(),
           (int)getpid());
    time_sleep(self->seconds);
    return 0;
}

static int my_process_init(struct my_process *self, double seconds)
{
    self->seconds = seconds;
    return mp_process_init(&self->base, .class_name = "MyProcess",
                           .run = my_process_run, .size = sizeof *self);
}

int main(int argc, char **argv)
{
    double seconds = 3;
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[seconds]", &seconds, 1);

    printf("main pid: %d\n", (int)getpid());
    struct my_process p;
    check(my_process_init(&p, seconds));
    check(mp_process_start(&p.base));
    check(mp_process_join(&p.base, MP_FOREVER));
    check(mp_process_close(&p.base));
}

// ## What happens underneath
//
// `&p.base` and `&p` are one address. `mp_process_start()` in
// `common/process/process.c` gets a pointer to the base and knows
// nothing of `seconds`. `my_process_run` turns it back into a pointer
// to the whole. Under fork, the default, the child's object has the
// same address as the parent's, in the child's own memory. Under the
// other start methods (lesson 11) the address may be another one.
//
// ## Try this
//
// - Set `self->seconds` to 100 in `my_process_run`, at its end. What
//   does the parent see in `p.seconds` after the join?
