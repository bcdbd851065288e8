// # Three ways to make a child
//
// The notes list three start methods: fork, spawn and forkserver. In
// Python, `get_context('spawn')` chooses one. Here the same function
// runs in a child of each kind and prints what it finds. Watch four
// things: who the child's parent is, which value a global variable has
// that the parent has changed, whether a descriptor of the parent is
// open in the child, and what a start costs. The pids and the
// milliseconds vary, the rest does not.
//
// Some words first. An **image** is a program as it lies in the memory
// of a process: its code and its variables. The kernel makes a **new
// image** when a program file is loaded, and then `main` begins, with
// every variable at its initial value. A **copy** of a process goes on
// where the process was, with the values that its variables had then. A
// **descriptor** is the small number by which a process names an open
// file: 0, 1 and 2 are standard input, output and error. A **context**
// is an object that stands for one start method. A **server** is a
// process that does what other processes ask it for.
//
// - fork: the child is a copy of its parent.
// - spawn: the child is a new image of the same program.
// - forkserver: a server, which is a new image of the program, makes a
//   copy of itself, and that copy is the child.

#include "lesson.h"

#include <fcntl.h>

// The initial value, 1, is in the program's file. A changed value is in
// the memory of the process that has changed it.
static int global = 1;

enum { DESCRIPTOR = 100 };

static int look_around(void *args)
{
    (void)args;
    printf("name is %s\n", mp_process_name(mp_current_process()));
    printf("pid is %d, parent pid is %d\n", (int)getpid(),
           (int)getppid());
    printf("started by %d\n", (int)mp_process_pid(mp_parent_process()));
    printf("the global is %d\n", global);
    printf("descriptor %d is %s\n", DESCRIPTOR,
           fcntl(DESCRIPTOR, F_GETFD) != -1 ? "open" : "closed");
    return 0;
}

static int nothing(void *args)
{
    (void)args;
    return 0;
}

// `.context` chooses the method for this one process. Python writes
// `ctx.Process(target=...)`: each context has a Process class of its
// own, so the names begin with `SpawnProcess`. The number counts all
// objects of this process, four for each method.
static void run(const char *method, int (*target)(void *))
{
    mp_process p;
    check(mp_process_init(&p, .context = mp_get_context(method),
                          .target = target));
    check(mp_process_start(&p));
    check(mp_process_join(&p, MP_FOREVER));
    check(mp_process_close(&p));
}

static void show(const char *method)
{
    enum { MANY = 3 };
    printf("--- %s\n", method);
    run(method, look_around);
    double before = mp_clock_now();
    for (int i = 0; i < MANY; i++) {
        run(method, nothing);
    }
    printf("one start and join took %.2f ms\n",
           (mp_clock_now() - before) / MANY * 1000);
}

// In fork's child alone `global` is 2 and the descriptor is open: it is
// a copy of this process. Spawn's child began as if you had typed the
// program's name again. Forkserver's child is a copy of the server,
// whose `global` was never changed. The library started the server
// before the first of these children. For the kernel the server is
// their parent. But `parent_process()` is the process that called
// `start`, under each method.
int main(int argc, char **argv)
{
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);

    global = 2;
    if (dup2(STDIN_FILENO, DESCRIPTOR) == -1) {  /* a copy of it */
        perror("dup2");
    }
    printf("main pid is %d\n", (int)getpid());
    show("fork");
    show("spawn");
    show("forkserver");
    close(DESCRIPTOR);
}

// ## See it
//
// `make syscalls-start_methods` lists the system calls of all
// processes. A child of fork comes from `clone`, and goes on. A child
// of spawn begins with `execve`, the new image. The fork server begins
// so, too, and then its own `clone` makes the children of forkserver.
//
// ## What happens underneath
//
// fork copies the tables that say where the memory of the process is.
// The more memory the parent uses, the longer this takes (`make
// bench-memory` shows how much longer). `launch()` in
// `common/start/fork.c` calls it.
//
// Spawn calls `posix_spawn`, which makes a process and at once loads a
// program file into it: the file of this program, `/proc/self/exe`
// (`execute()` in `common/start/spawn.c`). The new image finds
// nothing of ours in its memory, so we send it the spawn data: which
// function is the target, the bytes of its arguments, the name, the
// authkey, and where to write the exit status. `mp_spawn_data_new()`
// in `common/start/spawn_data.c` writes them, and `mp_main` reads them
// in the child. In C this costs about as much as running any small
// program. Python has to begin a new interpreter, and to import the
// module again: compare `make python-start_methods`.
//
// The fork server is spawned once. It has one thread and little memory,
// so its forks stay fast, however large our process has become. (Here
// fork itself is the fastest, because this program is small.) The
// server is asked through a socket, a connection between two processes
// that can also carry descriptors. (The notes speak of Unix pipes,
// which carry bytes alone.) The spawn data lies in shared memory, where
// the server also notes how a child was killed.
// `common/start/serve.h` has a timeline of all this.
//
// ## Try this
//
// - Give the other two children the descriptor as well: add
//   `MP_PASS_FDS(DESCRIPTOR)` to `mp_process_init` in `run`.
// - Put `char big[1 << 30];`, which is 1 GiB, below `global`, and look
//   at the milliseconds again. Nothing changes: the kernel provides
//   memory only when it is written. Then put `memset(big, 1, sizeof
//   big);` above `global = 2;`. Which method is slower now, and why?
//   (With little memory, take `1 << 28`. Repeat each run: one disturbed
//   start of the ten spoils the mean.)
// - `MP_START_METHOD=spawn make lesson-4` runs another lesson under
//   another method. Lesson 2 prints parents: what does it show under
//   forkserver?
// - While `MP_START_METHOD=forkserver make lesson-9` runs, type
//   `ps -ef --forest` in another terminal. The server and its children
//   have the same argument on the command line. Which is the server?
