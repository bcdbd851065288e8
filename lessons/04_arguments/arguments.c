// # Arguments by position, by keyword
//
// Python's Process takes `args=('work_1',)`, by position, and
// `kwargs={'name': 'work_2'}`, by keyword. In C the arguments are a
// struct, and an initialiser fills its fields in either way. Watch the
// two workers, which sleep at the same time, each for one to six units.
// (The original does not join them; Python does at the program's end.)

#include "lesson.h"

// The parameters of `work`. Only their bytes are copied, so none of
// them should be a pointer: its bytes are an address, and what stands
// there is not copied with it. A child that is made by fork still finds
// it, since all memory is copied then; under other start methods
// (lesson 11) it does not. So the name is an array of characters.
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
// `.name` and `.daemon` are fields of `mp_process_options`, and what is
// not given is zero, which means Python's default. Python's `group`,
// which must always be None, has no counterpart.
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

// ## What happens underneath
//
// `MP_ARGS(x)` in `common/process/process.h` stands for
// `.args = &x, .args_size = sizeof x`, and makes the compiler refuse an
// x that is a pointer. (Into a struct it cannot look.)
// `mp_process_run()` in `common/process/process.c` is where the child
// calls `target(args)`.
//
// ## Try this
//
// - Give a pointer: `const char *name = "work_3";`, then
//   `MP_ARGS(name)`. What does the compiler say?
// - Give the processes names: `.name = "sleeper"`. Print
//   `mp_process_name(mp_current_process())` in `work`.
