// # Hello
//
// A process is an object: construct it, start it, join it. Python
// writes `p = Process(target=hello, args=('python',))`. Watch for the
// moment at which there are two processes, and the moment at which
// there is one again.

#include "lesson.h"

// The target is the function that the child runs. What it returns is
// the child's exit status, as for `main`: 0 says that all went well.
// Its arguments arrive as a copy of the bytes that the parent gave,
// never as the parent's own memory.
static int hello(void *args)
{
    printf("hi %s\n", (const char *)args);
    return 0;
}

int main(int argc, char **argv)
{
    // Python's `if __name__ == '__main__':` has its C form, too. Lesson
    // 11 explains what it is for. This lesson takes no arguments.
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);

    // The object is a struct of ours. `mp_process_init` fills it in,
    // with Python's keyword arguments as fields of C, here `.target`.
    // `MP_ARGS("python")` says where the bytes of the argument are and
    // how many: 7, with the closing NUL. There is no child yet.
    //
    // Every call may fail, and `check` looks: it prints the sentence
    // that `mp_error()` has, with the file and the line, and ends the
    // program with status 1.
    mp_process p;
    check(mp_process_init(&p, .target = hello, MP_ARGS("python")));

    // From here on two processes run this program. The parent goes on
    // with the next line; the child calls `hello` and ends.
    check(mp_process_start(&p));

    // The parent sleeps until the child has ended, however long it
    // takes. From here on there is one process again.
    check(mp_process_join(&p, MP_FOREVER));

    // Frees what the object holds. In Python nobody needs to ask.
    check(mp_process_close(&p));
}

// ## What happens underneath
//
// Three calls of the system do the work. `launch()` in
// `common/start_fork.c` calls `fork()`, which returns twice: in the
// parent with the child's pid, and in the child with 0.
//
//     pid_t pid = fork_without_handlers();
//     if (pid == 0) {
//         mp_process_bootstrap(process, self);
//     }
//
// `mp_process_bootstrap()` in `common/process.c` is the child's whole
// life. It ends in `end_child()` in `common/family.c`, which flushes
// what was printed and calls `_exit(status)`: the child is gone, all
// but its status. The parent's join sleeps until then, and collects the
// status in `reap()` in `common/children.c`. In a small program that
// would be `waitpid(pid, &status, 0)`; ours calls `waitid`, its younger
// sister, which can name the child by a descriptor instead of a number.
//
// ## Try this
//
// - Leave out the call of `mp_process_start`. What does `check` say?
// - Start `p` twice. What does Python say?
// - Let `hello` return 3, and print `mp_process_exitcode(&p)` after the
//   join.
