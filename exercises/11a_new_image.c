// # A program for every start method
//
// This program multiplies 0, 1 and 2 by a factor, each in a child, and
// each child sleeps for `seconds`. Under fork it prints what it should:
//
//     begins
//     7 * 0 = 0
//     7 * 1 = 7
//     7 * 2 = 14
//
// (The lines of the children come in any order.) Under spawn and
// forkserver a child is not a copy, and the program fails. Your part is
// nearly the whole program: mend it, so that it prints the same four
// lines, each once, under each start method. Who starts the program
// chooses the method (`MP_START_METHOD=spawn`), so the program must not
// choose one itself.

#include "lesson.h"

// ---- your part
static double numbers[2] = { 7, 0 };  // the factor, and the seconds

static int multiply(void *args)
{
    int factor = (int)numbers[0], number = *(int *)args;
    printf("%d * %d = %d\n", factor, number, factor * number);
    time_sleep(numbers[1]);
    return 0;
}

int main(int argc, char **argv)
{
    lesson_numbers(argc, argv, "[factor] [seconds]", numbers, 2);
    printf("begins\n");

    mp_process p[3];
    for (int i = 0; i < 3; i++) {
        check(mp_process_init(&p[i], .target = multiply, MP_ARGS(i)));
        check(mp_process_start(&p[i]));
    }
    for (int i = 0; i < 3; i++) {
        check(mp_process_join(&p[i], MP_FOREVER));
        check(mp_process_close(&p[i]));
    }
}
// ---- end of your part
