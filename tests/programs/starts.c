// Starts and joins children one after the other: starts NUMBER.

#include <stdlib.h>

#include "mp.h"

static int nothing(void *args)
{
    (void)args;
    return 0;
}

int main(int argc, char **argv)
{
    mp_main(argc, argv);
    for (int i = 0; i < atoi(argv[1]); i++) {
        mp_process p;
        mp_process_init(&p, .target = nothing);
        mp_process_start(&p);
        mp_process_join(&p, MP_FOREVER);
        mp_process_close(&p);
    }
}
