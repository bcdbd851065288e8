// # A daemon has no children
//
// A daemonic process may not start a child. Watch the refusal, which is
// in Python's words. The reason is that the parent of a daemon may end
// it at any time, and then nobody would wait for the daemon's child.

#include "lesson.h"

static int grandchild(void *args)
{
    (void)args;
    printf("this is never printed\n");
    return 0;
}

// The object may be constructed, and it may not be started.
static int daemonic(void *args)
{
    (void)args;
    mp_process p;
    check(mp_process_init(&p, .target = grandchild));
    if (mp_process_start(&p) == -1) {
        printf("%s\n", mp_error());
    }
    check(mp_process_close(&p));
    return 0;
}

// The flag may also be given to the constructor, as in Python:
// `Process(target=daemonic, daemon=True)`. Its values are `MP_TRUE` and
// `MP_FALSE`. Where it is not given, it is 0, and the child inherits
// the flag of the process that constructs it. A daemon can be joined
// like any other child.
int main(int argc, char **argv)
{
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);
    mp_process p;
    check(mp_process_init(&p, .target = daemonic, .daemon = MP_TRUE));
    check(mp_process_start(&p));
    check(mp_process_join(&p, MP_FOREVER));
    check(mp_process_close(&p));
}

// ## What happens underneath
//
// `mp_process_start()` in `common/process/process.c` makes its checks
// in Python's order. This is the last that Python makes.
//
// ## Try this
//
// - Give the grandchild `.daemon = MP_FALSE`. Does it help?
