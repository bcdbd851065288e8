// A program that executes itself anew, without arguments, by the name by which
// new images are executed. It is no child for that: main goes on.

#include <stdio.h>
#include <unistd.h>

#include "mp.h"

static int target(void *args)
{
    (void)args;
    return puts("the child ran") == EOF;
}

int main(int argc, char **argv)
{
    mp_main(argc, argv);
    if (argc > 1) {
        execl("/proc/self/exe", argv[0], (char *)0);
        return 1;
    }
    mp_process p;
    mp_process_init(&p, .context = mp_get_context("spawn"), .target = target);
    if (mp_process_start(&p) == -1) {
        puts(mp_error());
    }
    mp_process_join(&p, MP_FOREVER);
    mp_process_close(&p);
}
