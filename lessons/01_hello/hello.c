// # Hello
//
// A process is an object: construct it, start it, join it. Python
// writes `p = Process(target=hello, args=('python',))`. The text says
// from which line on there are two processes, and from which line on
// there is one again. Python's own documentation of all that these
// lessons mirror is
// <https://docs.python.org/3/library/multiprocessing.html>.
//
// (The notes say that a function `f` becomes the target here, and that
// the output is `hello,bob`. The function is `hello`, and the output is
// `hi python`. `f` and `bob` belong to the next example, lesson 2.)

#include "lesson.h"

// The target is the function that the child runs. Its arguments arrive
// as a copy of the bytes that the parent gave, never as the parent's
// own memory. What the target returns is the child's exit status, as
// for `main`: 0 says that all went well. (Python ignores what a target
// returns. A Python child calls `sys.exit` for that.)
static int hello(void *args)
{
    printf("hi %s\n", (const char *)args);
    return 0;
}

int main(int argc, char **argv)
{
    // This call is C's form of Python's `if __name__ == '__main__':`,
    // and every program begins with it. So far it does little. The
    // start method is fork, our default, which the Python original sets
    // by `set_start_method('fork')`, and a forked child never comes
    // here. The two other start methods, spawn and forkserver, need the
    // call: `make lesson-11`. The second call refuses any argument on
    // the command line, because this lesson takes none.
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);

    // The object is a struct. `mp_process_init`, which fills it in, is
    // a macro. It takes the fields of another struct by name, as C's
    // designated initialisers do: `.target = hello`. So Python's
    // keyword arguments are fields in C. `.target` is the address of
    // the function. `MP_ARGS("python")` says where the bytes of the
    // argument are and how many: 7, with the closing NUL. There is no
    // child yet.
    //
    // Every call may fail, and `check` looks at what it returns. After
    // a failure it prints the sentence of `mp_error()`, with the file
    // and the line, and ends the program with status 1.
    mp_process p;
    check(mp_process_init(&p, .target = hello, MP_ARGS("python")));

    // After this call two processes run this program. The child is
    // ready to run. The kernel, the core of the operating system,
    // decides when it gets a CPU. The child calls `hello` and ends. The
    // parent does not wait for that: it goes on with the next line.
    // (Under forkserver there is a third process, the server, until the
    // program ends.)
    check(mp_process_start(&p));

    // The parent sleeps until the child has ended, however long it
    // takes. After this call there is one process again.
    check(mp_process_join(&p, MP_FOREVER));

    // Frees what the object holds. Python does it without being asked.
    check(mp_process_close(&p));
}

// ## See it
//
// `make syscalls-hello` lists the system calls of both processes, each
// with the line of this file that makes it, or with the part of the
// library that does. See what `mp_process_start` is for the kernel:
// `clone`, its name for a fork. `mp_process_join` sleeps in `ppoll` and
// collects the status by `waitid`.
//
// ## What happens underneath
//
// Under fork, three system calls do the work; lesson 11 has the other
// start methods. (A system call is a function that the kernel carries
// out for a process.) The first is `fork()`. It makes a copy of the
// whole process, and returns twice: in the parent with the child's
// number, its pid, and in the child with 0. `launch()` in
// `common/start/fork.c` has these lines:
//
//     pid_t pid = fork_cleanly();
//     if (pid == 0) {
//         mp_process_bootstrap(process, &creator, creator.pid);
//     }
//
// `mp_process_bootstrap()` in `common/process/process.c` runs the
// target in the child, and does not return. At its end `end_child()` in
// `common/process/exit.c` flushes the output: it writes out what was
// printed and still waits in a buffer. Then it makes the second call,
// `_exit(status)`. The child is gone, and the kernel keeps its status
// for the parent.
//
// The third call collects the status. A small program would sleep in
// `waitpid(pid, &status, 0)`. Ours first sleeps in `mp_fd_wait()` in
// `common/base/descriptors.c`, which can also stop after a given time.
// Then `mp_reap()` in `common/process/reap.c` calls `waitid`, which
// does what `waitpid` does, but can name a child by a descriptor. A
// descriptor is a small number that stands for an open file, as `open`
// returns it. This one stands for a process.
//
// ## Try this
//
// - Leave out the call of `mp_process_start`. What does `check` say?
// - Start `p` twice. What does Python say?
// - Let `hello` return 3, and print `mp_process_exitcode(&p)` between
//   the join and the close.
