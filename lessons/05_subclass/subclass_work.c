// # A name of its own
//
// `MyProcess(name='work_1')`: the constructor sets `self.name`, which
// every Process has, and `run` prints it. (The original has no joins:
// Python joins both children at the program's end.)
//
// The notes' program cannot run as it is printed, and neither can that
// of lesson 4. Both lack the imports of `random` and `time`, and this
// one that of `multiprocessing`. Both write `if __name__ = '__main__':`
// in the place of `==`, and with one `=` Python refuses the whole file.

#include "lesson.h"

struct my_process {
    mp_process base;
    double unit;
};

static int my_process_run(mp_process *base)
{
    const struct my_process *self = (struct my_process *)base;
    const char *name = mp_process_name(base);
    double sleep_time = random_randint(1, 6) * self->unit;
    printf("%s is starting\n", name);
    printf("%s is sleeping %g s\n", name, sleep_time);
    time_sleep(sleep_time);
    printf("%s is ending\n", name);
    return 0;
}

// First the base is constructed, then the name is set, as in Python:
// `super().__init__()`, then `self.name = name`.
static int my_process_init(struct my_process *self, const char *name,
                           double unit)
{
    self->unit = unit;
    if (mp_process_init(&self->base, .class_name = "MyProcess",
                        .run = my_process_run,
                        .size = sizeof *self) == -1) {
        return -1;
    }
    return mp_process_set_name(&self->base, name);
}

int main(int argc, char **argv)
{
    double unit = 1;
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[unit]", &unit, 1);

    struct my_process process_one, process_two;
    check(my_process_init(&process_one, "work_1", unit));
    check(my_process_init(&process_two, "work_2", unit));

    check(mp_process_start(&process_one.base));
    check(mp_process_start(&process_two.base));
    check(mp_process_join(&process_one.base, MP_FOREVER));
    check(mp_process_join(&process_two.base, MP_FOREVER));
    check(mp_process_close(&process_one.base));
    check(mp_process_close(&process_two.base));
}

// ## What happens underneath
//
// `mp_process_set_name()` in `common/process/state.c` may be called at
// any time. But the child has a copy of the name, as of all else: after
// `start` a change in one of the two processes is not seen in the
// other.
//
// ## Try this
//
// - Leave out the call of `mp_process_set_name`. Which names do the two
//   have then, and where are they made?
// - Set the name of `process_one` in `main` right after its start.
//   Which name does the child print?
