// A program that forks a process before it calls mp_main, and spawns one after
// it. The spawned one runs main up to mp_main as well, and must fork nobody.

#include <stdio.h>

#include "mp.h"

static int target(void *args)
{
    return puts(args) == EOF;
}

static void run(const char *method, const char *text)
{
    char copy[20];
    mp_process p;
    snprintf(copy, sizeof copy, "%s", text);
    mp_process_init(&p, .context = mp_get_context(method), .target = target,
                    MP_ARGS(copy));
    if (mp_process_start(&p) == -1) {
        puts(mp_error());
    }
    mp_process_join(&p, MP_FOREVER);
    mp_process_close(&p);
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    run("fork", "forked");
    mp_main(argc, argv);
    run("spawn", "spawned");
}
