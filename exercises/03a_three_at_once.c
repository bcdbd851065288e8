// # Three at once
//
// Three children, `alvin:0`, `alvin:1` and `alvin:2`, greet and sleep
// for `seconds`, all at the same time. When the last of them has ended,
// and not before, main prints `end`:
//
//     hello alvin:0
//     hello alvin:1
//     hello alvin:2
//     end
//
// The first three lines come in any order. Write your part: construct,
// start, join and close the three children, each call inside `check`.

#include "lesson.h"

struct greet_args {
    char name[20];
    double seconds;
};

static int greet(void *args)
{
    const struct greet_args *given = args;
    printf("hello %s\n", given->name);
    time_sleep(given->seconds);
    return 0;
}

int main(int argc, char **argv)
{
    double seconds = 1;
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[seconds]", &seconds, 1);

    struct greet_args args[3] = {
        { "alvin:0", seconds },
        { "alvin:1", seconds },
        { "alvin:2", seconds },
    };
    // ---- your part
    greet(&args[0]);
    // ---- end of your part
    printf("end\n");
}
