#include "square.h"

#include <stdint.h>

int square(const void *arg, void *result)
{
    const int64_t *number = arg;
    int64_t *its_square = result;
    *its_square = *number * *number;
    return 0;
}
