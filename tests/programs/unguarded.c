// A program that never calls mp_main: it starts a process by the method that
// its argument names. Were that allowed, each child would run main anew.

#include <stdio.h>

#include "mp.h"

static int target(void *args)
{
    (void)args;
    return puts("the child ran") == EOF;
}

int main(int argc, char **argv)
{
    mp_process p;
    puts("main runs");
    const mp_context *context = mp_get_context(argc > 1 ? argv[1] : "spawn");
    mp_process_init(&p, .context = context, .target = target);
    if (mp_process_start(&p) == -1) {
        puts(mp_error());
    }
    mp_process_join(&p, MP_FOREVER);
    mp_process_close(&p);
}
