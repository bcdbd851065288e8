// # A class with data of its own
//
// `struct adder` is a subclass of Process: it has two numbers, and its
// `run` prints its name and their sum, and returns the sum. Main makes
// two adders, which run one after the other, and prints what they
// returned:
//
//     Adder-1: 1 + 2 = 3
//     Adder-2: 30 + 4 = 34
//     exit codes: 3, 34
//
// The names are those that the library makes of the class's name. It
// must work under each start method. Write your part: `run` and the
// constructor.

#include "lesson.h"

struct adder {
    mp_process base;
    int a;
    int b;
};

// ---- your part
static int adder_init(struct adder *self, int a, int b)
{
    self->a = a;
    self->b = b;
    return mp_process_init(&self->base);
}
// ---- end of your part

int main(int argc, char **argv)
{
    double numbers[2] = { 1, 2 };
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[a] [b]", numbers, 2);
    int a = (int)numbers[0], b = (int)numbers[1];

    struct adder adders[2];
    int exitcodes[2];
    check(adder_init(&adders[0], a, b));
    check(adder_init(&adders[1], 30, 4));
    for (int i = 0; i < 2; i++) {
        check(mp_process_start(&adders[i].base));
        check(mp_process_join(&adders[i].base, MP_FOREVER));
        exitcodes[i] = mp_process_exitcode(&adders[i].base);
        check(mp_process_close(&adders[i].base));
    }
    printf("exit codes: %d, %d\n", exitcodes[0], exitcodes[1]);
}
