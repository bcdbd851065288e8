// square.h - the task of apply and map, of ours and of what it is held against.
// All call it through a pointer that the compiler cannot see through.

#ifndef SQUARE_H
#define SQUARE_H

#include <stdint.h>

static int square(const void *arg, void *result)
{
    const int64_t *number = arg;
    int64_t *its_square = result;
    *its_square = *number * *number;
    return 0;
}

#endif
