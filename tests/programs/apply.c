// So many calls of apply on a pool of so many workers.

#include "mp.h"

#include <stdlib.h>

static int square(const void *arg, void *result)
{
    long number = *(const long *)arg;
    *(long *)result = number * number;
    return 0;
}

int main(int argc, char **argv)
{
    mp_main(argc, argv);
    mp_pool *pool = mp_pool_new(.processes = atoi(argv[2]));
    int failed = pool == NULL;
    for (long i = 0; i < atol(argv[1]) && !failed; i++) {
        long its_square = -1;
        failed = mp_pool_apply(pool, square, MP_ITEM(i),
                               MP_RESULT(its_square)) == -1 ||
                 its_square != i * i;
    }
    mp_pool_free(pool);
    return failed;
}
