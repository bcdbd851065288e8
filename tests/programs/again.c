// A program that calls mp_main twice, and starts a child by the method that its
// first argument names. With a second one it executes itself anew first, by the
// name by which new images are executed; it is no child for that.

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
    mp_main(argc, argv);
    if (argc > 2) {
        execl("/proc/self/exe", argv[0], argv[1], (char *)0);
        return 1;
    }
    mp_process p;
    mp_process_init(&p, .context = mp_get_context(argv[1]), .target = target);
    if (mp_process_start(&p) == -1) {
        puts(mp_error());
    }
    mp_process_join(&p, MP_FOREVER);
    mp_process_close(&p);
}
