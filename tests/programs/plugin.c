// A program that loads a library while it runs, and gives a function of it to
// a process: plugin METHOD LIBRARY FUNCTION, and "run" where it is to be the
// process's run and not its target.

#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>

#include "mp.h"

int main(int argc, char **argv)
{
    mp_main(argc, argv);
    void *library = dlopen(argv[2], RTLD_NOW);
    uintptr_t target = library != NULL ? (uintptr_t)dlsym(library, argv[3]) : 0;
    if (target == 0) {
        puts("no such function");
        return 1;
    }
    mp_process p;
    bool is_run = argc > 4;
    mp_process_init(&p, .context = mp_get_context(argv[1]),
                    .target = is_run ? NULL : (int (*)(void *))target,
                    .run = is_run ? (int (*)(mp_process *))target : NULL);
    if (mp_process_start(&p) == -1) {
        puts(mp_error());
        return 1;
    }
    mp_process_join(&p, MP_FOREVER);
    printf("exitcode %d\n", mp_process_exitcode(&p));
    mp_process_close(&p);
}
