// # One array for three children
//
// An array has a place for each number from 0 to n - 1. Three children
// fill it with the squares of these numbers, a part of it each, at the
// same time. Each prints the bounds of its part, in any order. Then
// main prints the array:
//
//     0 to 3
//     4 to 7
//     8 to 12
//     0 1 4 9 16 25 36 49 64 81 100 121 144
//
// Write your part: a function that makes the array, starts the three
// children, waits for them, and returns the array. Main frees it by
// `mp_shm_free`. (Each child sleeps for `seconds` before it fills its
// part.)

#include "lesson.h"

struct fill_args {
    int *squares;    // the whole array
    int begin, end;  // its part, without `end`
    double seconds;
};

static int fill(void *args)
{
    const struct fill_args *given = args;
    time_sleep(given->seconds);
    printf("%d to %d\n", given->begin, given->end - 1);
    for (int i = given->begin; i < given->end; i++) {
        given->squares[i] = i * i;
    }
    return 0;
}

static int *fill_in_parts(int n, double seconds)
{
    // ---- your part
    int *squares = calloc((size_t)n, sizeof *squares);
    check(squares);
    struct fill_args args = { squares, 0, n, seconds };
    fill(&args);
    return squares;
    // ---- end of your part
}

int main(int argc, char **argv)
{
    double numbers[2] = { 13, 0.5 };
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[n] [seconds]", numbers, 2);
    int n = (int)numbers[0];

    int *squares = fill_in_parts(n, numbers[1]);
    for (int i = 0; i < n; i++) {
        printf("%d%s", squares[i], i < n - 1 ? " " : "\n");
    }
    mp_shm_free(squares);
}
