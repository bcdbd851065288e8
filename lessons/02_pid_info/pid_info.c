// # Who am I?
//
// Every process has a number, its pid, and a parent, which has one too:
// Python's `os.getpid()` and `os.getppid()`, C's `getpid()` and
// `getppid()`. Watch the numbers: the child's `parent process` is the
// main process's `process id`. The numbers themselves vary, and the two
// pids show that two processes ran. (Under the start method forkserver
// the parent is a server, which forks the child for the main process:
// `make lesson-11`.)

#include "lesson.h"

// Python prints `__name__`, the name of the module. A C source knows
// the name of its file.
static void info(const char *title)
{
    const char *slash = strrchr(__FILE__, '/');
    printf("%s\n", title);
    printf("module name: %s\n", slash != NULL ? slash + 1 : __FILE__);
    printf("parent process: %d\n", (int)getppid());
    printf("process id: %d\n", (int)getpid());
}

static int f(void *args)
{
    info("function f");
    printf("hello %s\n", (const char *)args);
    return 0;
}

// The main process has a parent as well: the process that started the
// program. Here that is the shell in which make runs it.
int main(int argc, char **argv)
{
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);

    info("main line");
    mp_process p;
    check(mp_process_init(&p, .target = f, MP_ARGS("bob")));
    check(mp_process_start(&p));
    check(mp_process_join(&p, MP_FOREVER));
    check(mp_process_close(&p));
}

// ## See it
//
// `make timeline-pid_info` draws a row for each process, with its pid,
// and a line from the parent to the child. The pids in the rows of C
// are those that the program prints. The child begins when main starts
// it, and ends first.
//
// ## What happens underneath
//
// Under fork, the default start method, the kernel gives the child a
// new pid, and the process that calls `fork()` is its parent:
// `launch()` in `common/start/fork.c`. Before it forks, the library
// flushes what was printed so far. Otherwise the text that waits in the
// parent's buffer would be copied with all other memory, and both
// processes would print it.
//
// ## Try this
//
// - Print `getpid()` in `f` a second time. Can it change while a
//   process lives?
// - Run it through a pipe: `make lesson-pid_info | cat`. Does the order
//   change?
// - Run it as `MP_START_METHOD=forkserver make lesson-2`. Which
//   processes are there now?
