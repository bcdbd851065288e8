// A program that prints above mp_main, and then has three children of a fork
// server.

#include <stdio.h>

#include "mp.h"

static int target(void *args)
{
    (void)args;
    return puts("child") == EOF;
}

int main(int argc, char **argv)
{
    puts("above");
    mp_main(argc, argv);
    for (int i = 0; i < 3; i++) {
        mp_process p;
        mp_process_init(&p, .context = mp_get_context("forkserver"),
                        .target = target);
        mp_process_start(&p);
        mp_process_join(&p, MP_FOREVER);
        mp_process_close(&p);
    }
}
