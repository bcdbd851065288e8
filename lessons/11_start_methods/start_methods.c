// # Three ways to make a child
//
// The notes list three start methods: fork, spawn and forkserver,
// Python's `get_context('spawn')`. Here the same function runs in a
// child of each kind and tells what it finds. Watch four things: who
// the child's parent is, whether it knows that the parent has changed a
// global variable, whether it has the parent's open descriptor, and
// what the start has cost. The pids and the milliseconds vary, the rest
// does not.

#include "lesson.h"

#include <fcntl.h>

// An initial value stands in the program's file. A change stands in the
// memory of the process that made it.
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

// A context is a start method that one process is given. In Python its
// class comes from the context, `ctx.Process(target=...)`, and so the
// names begin with `SpawnProcess`. The number counts all objects of
// this process, whatever their method: 11 of each.
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
    enum { MANY = 10 };
    printf("--- %s\n", method);
    run(method, look_around);
    double before = mp_clock_now();
    for (int i = 0; i < MANY; i++) {
        run(method, nothing);
    }
    printf("one start and join took %.2f ms\n",
           (mp_clock_now() - before) / MANY * 1000);
}

// Only fork's child knows that `global` is 2, and has the descriptor:
// it is a copy of this process, made at start. Spawn's child is a new
// image of the program, as if somebody had typed its name again.
// Forkserver's is a copy, too, but of a new image: a small server that
// we started before the first of them, and which is their parent for
// the kernel. `parent_process()` is who asked, under each method.
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
}

// ## What happens underneath
//
// fork copies memory, or rather the tables that say where it is: the
// more memory the parent uses, the longer it takes (`make bench-memory`
// shows how much longer). `launch()` in `common/start/fork.c`.
//
// Spawn calls `posix_spawn`, which makes a process and at once loads a
// program into it, here the file of this one, `/proc/self/exe`
// (`mp_spawn_image()` in `common/start/spawn.c`). What cannot be
// inherited goes in a letter: target, arguments, name, authkey, and
// where to leave the exit status. `mp_spawn_data_write()` in
// `common/start/spawn_data.c` writes it, and `mp_main` in the child
// reads it. In C that costs about as much as running any small program.
// Python has to begin a whole interpreter, and to import the module
// again: compare `make python-11`.
//
// The fork server is spawned once, has one thread and little memory,
// and forks as quickly in the end as in the beginning, however large
// the process that asks it has become. (Here fork itself is the
// fastest, because this program is small.) It gets the same letter over
// a socket, with the descriptors that belong to it, and tells how each
// child ended. (The notes speak of Unix pipes. A pipe carries bytes and
// no descriptors.) `common/start/serve.h` draws who says what to whom.
//
// ## Try this
//
// - Give the other two children the descriptor as well: add
//   `MP_PASS_FDS(DESCRIPTOR)` to `mp_process_init` in `run`.
// - Allocate 1 GiB at the top of main, fill it with `memset`, and look
//   at the milliseconds again.
// - Give the child a pointer in its arguments: a struct with a `char *`
//   that points to a text of `malloc`. What is the exit code, by each
//   method?
// - `MP_START_METHOD=spawn make lesson-4` runs another lesson under
//   another method. Lesson 2 prints parents: what does it show under
//   forkserver?
// - While `MP_START_METHOD=forkserver make lesson-9` runs, type
//   `ps -ef --forest` in another terminal. The server and its children
//   have the same mark on the command line. Which one is the server?
