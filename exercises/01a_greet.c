// # A child that greets
//
// Main starts one child, which greets and then sleeps for `seconds`.
// Main waits until the child has ended, and then says goodbye:
//
//     hi python
//     bye
//
// Where a call fails, the program must end at once, with a message on
// stderr and a status that is not 0: put each call inside `check`.
// Write your part: construct, start, join and close the child.

#include "lesson.h"

struct greeting {
    char name[20];
    double seconds;
};

static int greet(void *args)
{
    const struct greeting *given = args;
    printf("hi %s\n", given->name);
    time_sleep(given->seconds);
    return 0;
}

int main(int argc, char **argv)
{
    double seconds = 1;
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[seconds]", &seconds, 1);

    struct greeting args = { "python", seconds };
    // ---- your part
    (void)greet;
    (void)args;
    // ---- end of your part
    printf("bye\n");
}
