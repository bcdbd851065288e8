// A program that deletes its own file, and then starts a process by the method
// that its argument names.

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
    mp_process p;
    if (unlink(argv[0]) == -1) {
        perror(argv[0]);
        return 1;
    }
    mp_process_init(&p, .context = mp_get_context(argv[1]), .target = target);
    if (mp_process_start(&p) == -1) {
        puts(mp_error());
    }
    mp_process_join(&p, MP_FOREVER);
    mp_process_close(&p);
}
