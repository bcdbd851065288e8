// A pool of one worker runs a task of one library, of another, and of the first
// again: two_libraries METHOD LIBRARY LIBRARY.

#include <dlfcn.h>
#include <stdio.h>

#include "mp.h"

static mp_task find(const char *library, const char *name)
{
    mp_task task;
    *(void **)&task = dlsym(dlopen(library, RTLD_NOW), name);  // as POSIX has it
    return task;
}

int main(int argc, char **argv)
{
    mp_main(argc, argv);
    mp_task one = find(argv[2], "task_one"), two = find(argv[3], "task_two");
    long results[3] = { 0 };
    mp_pool *pool = mp_pool_new(.processes = 1,
                                .context = mp_get_context(argv[1]));
    if (mp_pool_apply(pool, one, MP_RESULT(results[0])) == -1 ||
        mp_pool_apply(pool, two, MP_RESULT(results[1])) == -1 ||
        mp_pool_apply(pool, one, MP_RESULT(results[2])) == -1) {
        puts(mp_error());
    }
    printf("%ld %ld %ld\n", results[0], results[1], results[2]);
    mp_pool_free(pool);
}
