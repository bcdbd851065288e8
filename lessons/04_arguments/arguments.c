// # Arguments by position, by keyword
//
// Python's Process takes `args=('work_1',)`, by position, and
// `kwargs={'name': 'work_2'}`, by keyword. In C the arguments are a
// struct, and its initialiser gives the fields in either way. Watch the
// two workers, which sleep at the same time, each for one to six units.
// The order of their lines varies: in the 200 runs of
// `make many-arguments` one machine showed 13 orders. (The Python
// original calls no `join`. Python joins its children at the end of the
// program.)

#include "lesson.h"

// The parameters of `work`. The library copies the bytes of this
// struct. So no field should be a pointer: the bytes of a pointer are
// an address, and the text at this address is not copied with it. A
// child made by fork still finds the text, because fork copies all
// memory. A child of another start method (lesson 11) does not. So the
// name is an array of characters. The program `arguments_results` shows
// what happens to a pointer.
struct work_args {
    char name[16];
    double unit;
};

static int work(void *args)
{
    const struct work_args *given = args;
    double sleep_time = random_randint(1, 6) * given->unit;
    printf("%s is starting\n", given->name);
    printf("%s is sleeping %g s\n", given->name, sleep_time);
    time_sleep(sleep_time);
    printf("%s is ending\n", given->name);
    return 0;
}

// `mp_process_init` itself takes its arguments by keyword. `.target`,
// `.name` and `.daemon` are fields of `mp_process_options`. A field
// that is not given is zero, which means Python's default. Python's
// `group` must always be None, so C has no such field.
int main(int argc, char **argv)
{
    double unit = 1;
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[unit]", &unit, 1);

    struct work_args positional = { "work_1", unit };
    struct work_args keyword = { .unit = unit, .name = "work_2" };

    mp_process process_one, process_two;
    check(mp_process_init(&process_one, .target = work,
                          MP_ARGS(positional)));
    check(mp_process_init(&process_two, .target = work,
                          MP_ARGS(keyword)));

    check(mp_process_start(&process_one));
    check(mp_process_start(&process_two));
    check(mp_process_join(&process_one, MP_FOREVER));
    check(mp_process_join(&process_two, MP_FOREVER));
    check(mp_process_close(&process_one));
    check(mp_process_close(&process_two));
}

// ## See it
//
// `make pages-4` looks at eight pages, the pieces in which the kernel
// gives memory. After the fork both processes use the same pages (`=`).
// When one of the two writes to a page, this page alone is copied, and
// then each has its own (`o`). The parent still finds its own letter.
//
// ## What happens underneath
//
// `MP_ARGS(x)` in `common/process/process.h` stands for
// `.args = &x, .args_size = sizeof x`, and makes the compiler refuse an
// x that is a pointer. The compiler does not find a pointer that is a
// field of a struct. `mp_process_run()` in `common/process/process.c`
// calls `target(args)`, in the child.
//
// ## Try this
//
// - Give a pointer: `const char *name = "work_3";`, then
//   `MP_ARGS(name)`. What does the compiler say? Among its lines is one
//   that says that a static assertion failed, and why.
// - Give the processes names: `.name = "sleeper"`. Print
//   `mp_process_name(mp_current_process())` in `work`.
