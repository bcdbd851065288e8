// # A daemon has no children
//
// A daemonic process may not start a child, and the refusal is worded
// as Python's. The reason: when the daemon is ended by its parent,
// nobody would be left to wait for its child.

#include "lesson.h"

static int grandchild(void *args)
{
    (void)args;
    printf("this is never printed\n");
    return 0;
}

// Constructing the object is fine, starting it is not.
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
// `MP_FALSE`; zero means that it was not given, and is inherited. A
// daemon can be joined like any other child.
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
// The checks of `mp_process_start()` in `common/process/process.c`
// stand in Python's order. This is the last of them.
//
// ## Try this
//
// - Give the grandchild `.daemon = MP_FALSE`. Does it help?
