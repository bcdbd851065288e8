// # All that a Process is given
//
// Python's constructor has six parameters:
//
// `Process(group=None, target=None, name=None, args=(), kwargs={}, *,
// daemon=None)`
//
// The first five may be given by position, in this order. What stands
// after the `*`, `daemon`, must be given by keyword. (The notes also
// have the older way to write the list, `Process([group [, target [,
// name [, args [, kwargs]]]]])`: each may be left out with all that
// follow it.) In C all are fields, and each has its name. Watch what
// Python refuses.

#include "lesson.h"

struct work_args {
    char name[16];
    int number;
};

static int work(void *args)
{
    const struct work_args *given = args;
    const mp_process *me = mp_current_process();
    printf("process %s, daemon %s: work(%s, %d)\n", mp_process_name(me),
           mp_process_daemon(me) ? "True" : "False", given->name,
           given->number);
    return 0;
}

// - `group` exists because `threading.Thread` has it, where it is kept
//   for a class ThreadGroup that was never written. The notes call it a
//   group of threads, and the process group of the kernel. It is
//   neither. It must be None, and C has no such field.
// - `target` is the function. In C it is an address in memory, as the
//   notes tell us to remember. (In Python it is an object. A child into
//   which the program is loaded once more, a new image, gets the
//   function's name instead: see lesson 11.)
// - `name` is for us, to read in a listing or a log. The kernel and the
//   other processes do not know it. Without it the name is Process-1.
// - `args` and `kwargs` are one struct, as in this lesson's first
//   program. The name of the process and the `name` that `work` takes
//   have nothing to do with each other.
// - `daemon` is the subject of lesson 8.
int main(int argc, char **argv)
{
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);

    mp_process p;
    struct work_args args = { "work_1", .number = 2 };
    check(mp_process_init(&p, .target = work, .name = "alvin",
                          MP_ARGS(args), .daemon = MP_TRUE));
    check(mp_process_start(&p));
    check(mp_process_join(&p, MP_FOREVER));

    // The name may also be set later: Python's `p.name = 'egon'`.
    check(mp_process_set_name(&p, "egon"));
    printf("name is %s\n", mp_process_name(&p));
    check(mp_process_close(&p));
}

// ## What happens underneath
//
// `mp_process_init` is a macro. It puts its arguments between the
// braces of a `mp_process_options`, whose fields are zero where nothing
// is given, and `mp_process_init_with()` in `common/process/process.c`
// takes a pointer to that struct.
//
// ## Try this
//
// - Leave `.name` out. What is the name? And with `.name = ""`?
// - Write a field that does not exist, `.group = NULL`. What does the
//   compiler say, and what does Python say to `Process(group=1)`?
