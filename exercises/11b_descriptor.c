// # A descriptor for a child
//
// Main opens a file that has no name. Two children sleep for `seconds`,
// side by side, and each writes a line to this file, by its descriptor.
// When both have ended, main prints what the file contains, and `end`:
//
//     child 0 was here
//     child 1 was here
//     end
//
// The first two lines come in any order. Write your part: construct,
// start, join and close the two children, each call inside `check`. It
// must work under each start method, and must not choose one itself. A
// new image gets only those descriptors that `mp_process_init` is told:
// `MP_PASS_FDS(a, b)` stands behind `MP_ARGS` and names them.
// (Try it by `MP_START_METHOD=spawn make run F=mine/11b.c`.)

#include "lesson.h"

struct note_args {
    int number, descriptor;
    double seconds;
};

static int note(void *args)
{
    const struct note_args *given = args;
    time_sleep(given->seconds);
    return dprintf(given->descriptor, "child %d was here\n",
                   given->number) < 0;
}

int main(int argc, char **argv)
{
    double seconds = 0.5;
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[seconds]", &seconds, 1);

    FILE *file = tmpfile();
    check(file);
    int descriptor = fileno(file);
    // ---- your part
    for (int i = 0; i < 2; i++) {
        struct note_args args = { i, descriptor, seconds };
        note(&args);
    }
    // ---- end of your part
    char line[80];
    rewind(file);
    while (fgets(line, sizeof line, file) != NULL) {
        printf("%s", line);
    }
    printf("end\n");
    fclose(file);
}
