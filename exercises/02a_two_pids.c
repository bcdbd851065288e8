// # Who started whom
//
// Main prints its pid and starts a child. The child prints its own pid
// and that of its parent, as the kernel knows them. When the child has
// ended, main prints the pid that the Process object had for it:
//
//     main: 100
//     child: 101, parent: 100
//     main started: 101
//
// (Under the start method forkserver the child's parent is the server,
// another process than main. Your program shows it.) Write your part:
// both functions.

#include "lesson.h"

// ---- your part
static int child(void *args)
{
    (void)args;
    return 0;
}

static void parent(void)
{
    child(NULL);
}
// ---- end of your part

int main(int argc, char **argv)
{
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);
    parent();
}
