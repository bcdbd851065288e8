// # A child dies, and nobody asks
//
// A child of this program writes far behind the end of an array. The
// kernel kills it by signal 11, SIGSEGV. In a shell you would read
// "Segmentation fault", but the shell reports its own children only,
// and this child's parent is our program. So nothing is printed, and
// the program ends with status 0. (A Python child would print a
// traceback.) The exit code says what happened, if the parent asks for
// it: Python's `p.exitcode`. Watch that two children die, and that one
// line tells of it. (The tests and the book run it with `ARGS=0`, where
// nobody dies.)

#include "lesson.h"

// `far` says how far behind the beginning of the array: at 0 there is
// no fault. `volatile` keeps the compiler from leaving the access out.
static int work(void *args)
{
    long index = (long)(*(double *)args * 1e9);
    volatile int *numbers = malloc(4 * sizeof *numbers);
    numbers[index] = 1;
    free((void *)numbers);
    return 0;
}

// That the first child has died shows only in a result that is missing.
// So ask each child after its join, as in the case of the second.
static void run(double far, bool ask)
{
    mp_process p;
    check(mp_process_init(&p, .target = work, MP_ARGS(far)));
    check(mp_process_start(&p));
    check(mp_process_join(&p, MP_FOREVER));
    if (ask) {
        printf("%s: exit code %d\n", mp_process_name(&p),
               mp_process_exitcode(&p));
    }
    check(mp_process_close(&p));
}

int main(int argc, char **argv)
{
    double far = 1;
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[far]", &far, 1);
    run(far, false);
    run(far, true);
}

// ## What happens underneath
//
// `check` finds no error after `mp_process_join`, because the join did
// what it is for: it waited. `mp_reap()` in `common/process/reap.c`
// got the number of the signal, and keeps it until somebody asks.
//
// Three tools say where a child died. They work with a program of your
// own, too: `make run F=mine.c` builds `build/cc/run/mine`. First go to
// the folder of this program, and come back with `cd -` afterwards:
//
// `cd build/cc/lessons/06_lifecycle`
//
// strace lists all processes, and how each of them ends:
//
// `strace -f -e trace=none ./lifecycle_crash`
//
// gdb follows the first child, and shows which functions it was in:
//
// `gdb -batch -ex 'set follow-f child' -ex run -ex bt lifecycle_crash`
//
// A sanitizer prints the line at fault. It also finds faults that kill
// nobody. This command belongs in the top folder:
//
// `make SAN=address lesson-lifecycle_crash`
//
// ## Try this
//
// - Type the three commands. What is the exit code with the sanitizer,
//   and why?
// - Write just behind the array: `ARGS="4e-9"` makes `index` 4. What is
//   the exit code? What does the sanitizer say to it?
// - `make python-lifecycle_crash` makes the same mistake. What is its
//   exit code, and why is there no signal?
