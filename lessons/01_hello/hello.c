// # Hello
//
// A process is an object: construct it, start it, join it. Python
// writes `p = Process(target=hello, args=('python',))`. Watch for the
// moment at which there are two processes, and the moment at which
// there is one again.

#include "lesson.h"

// The target is the function that the child runs. Its arguments arrive
// as a copy of the bytes that the parent gave, never as the parent's
// own memory. What it returns is the child's exit status, as for
// `main`: 0 says that all went well. (Python ignores what a target
// returns; there the child would call `sys.exit`.)
static int hello(void *args)
{
    printf("hi %s\n", (const char *)args);
    return 0;
}

int main(int argc, char **argv)
{
    // Python's `if __name__ == '__main__':` has its C form, too. Every
    // program begins with it, though so far it does little: children
    // are made by fork, the original's `set_start_method('fork')` and
    // our default, and never come here. There are two other start
    // methods, spawn and forkserver, which need it: `make lesson-11`.
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
    // with the next line; the child calls `hello` and ends. (Under
    // forkserver there is a third one, its server, until the end.)
    check(mp_process_start(&p));

    // The parent sleeps until the child has ended, however long it
    // takes. From here on there is one process again.
    check(mp_process_join(&p, MP_FOREVER));

    // Frees what the object holds. In Python nobody needs to ask.
    check(mp_process_close(&p));
}

// ## What happens underneath
//
// Three calls of the system do the work under fork; lesson 11 has the
// other start methods. The first is `fork()`. It makes a copy of the
// whole process, and returns twice: in the parent with the child's
// number, its pid, and in the child with 0. In `launch()` in
// `common/start/fork.c` this looks so:
//
//     pid_t pid = fork_with_clean_streams();
//     if (pid == 0) {
//         mp_process_bootstrap(process, &creator, creator.pid);
//     }
//
// `mp_process_bootstrap()` in `common/process/process.c` is the child's
// whole life. It ends in `end_child()` in `common/process/current.c`,
// which writes out what was printed and still waits in a buffer (it
// flushes it), and makes the second call, `_exit(status)`. The child is
// gone then, all but its status, which the kernel keeps for the parent.
//
// The third call collects the status: a small program would sleep in
// `waitpid(pid, &status, 0)`. Ours first sleeps in `mp_fd_wait()` in
// `common/base/descriptors.c`, since that can end after a given time,
// too. Then `ask_kernel()` in `common/process/reap.c` calls `waitid`,
// which does the same as `waitpid`, but can name a child by a
// descriptor. That is a small number, as `open` returns it; this one
// stands for a process.
//
// ## Try this
//
// - Leave out the call of `mp_process_start`. What does `check` say?
// - Start `p` twice. What does Python say?
// - Let `hello` return 3, and print `mp_process_exitcode(&p)` between
//   the join and the close.
