// process.h - a Process: construct it, start it, join it, close it.
// Python: multiprocessing.Process (Lib/multiprocessing/process.py).
// Lessons 1 to 10. The files of this folder, in reading order: process.h,
// process.c (its life), state.c (what is known about it), current.h (who am I),
// exit.h (how a process ends), children.h and reap.h (the records of children),
// parent_death.h (daemons of a killed parent).
//
//     static int hello(void *args) { return puts(args) == EOF; }
//
//     mp_process p;
//     mp_process_init(&p, .target = hello, MP_ARGS("hi"));
//     mp_process_start(&p);                  // from here on two processes run
//     mp_process_join(&p, MP_FOREVER);       // from here on one again
//     mp_process_close(&p);
//
// An object belongs to the process that constructed it: only that one starts,
// joins and closes it. The child holds a copy.
//
// Errors: error.h has the rule. A call that breaks a rule of the object (start
// twice, join before start, any use after close) fails with EINVAL; one from a
// process that may not make it, with EPERM.
//
// Threads: each may have objects of its own, and several may join one child or
// ask about it at once. An object is constructed, started, renamed and closed
// by one thread, while no other uses it. A thread must not be cancelled inside
// a call, and a signal handler must make none.

#ifndef MP_PROCESS_H
#define MP_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/clock.h"
#include "process/children.h"

typedef struct mp_process mp_process;

// At most so many descriptors can be passed to a child.
enum { MP_PASS_FDS_MOST = 32 };

// A start method, as Python's context objects are: context.h has the three.
typedef struct {
    const char *name;        // Python's word: "fork"
    const char *class_name;  // of its processes: "ForkProcess"
    // Given an object that may be started, creates a process that calls
    // mp_process_bootstrap, and tells the list of children of it
    // (mp_children_started). Returns 0, or -1 having changed nothing.
    int (*launch)(mp_process *process);
} mp_context;

// The values of .daemon: as the creating process is (the default), true, false.
enum { MP_INHERIT = 0, MP_TRUE = 1, MP_FALSE = -1 };

// ---- the object -----------------------------------------------------------

// The caller owns the memory, and may embed it: a subclass is a struct whose
// first member is an mp_process. It must stay in place from init to close.
struct mp_process {
    // Set by init; a subclass may set them until start.
    int (*run)(mp_process *self);  // what the child does; the one method that
                                   // Python lets a subclass override
    int (*target)(void *args);     // what mp_process_run, the base's run, calls

    // The library's. Read by run and by launchers, set by init.
    void *args;         // our copy of the argument's bytes
    size_t args_size;   // bytes
    size_t size;        // bytes of the whole object, subclass and all
    int pass_fds_count;
    int pass_fds[MP_PASS_FDS_MOST];
    const mp_context *context;  // its start method; NULL until start: default
    int (*launch)(mp_process *process);  // mp_launch, below
    mp_record *record;  // the rest (children.h); NULL once closed
};

// Python's keyword arguments. All zero means what Python's defaults mean.
typedef struct {
    int (*target)(void *args);     // runs in the child; what it returns is the
                                   // exit status (its low 8 bits, as for main)
    const void *args;              // copied now, byte for byte: no pointers
    size_t args_size;              // bytes; MP_ARGS fills in both
    const char *name;              // copied; NULL or "": class name and number;
                                   // less than MP_NAME_SIZE bytes
    int daemon;                    // MP_INHERIT, MP_TRUE or MP_FALSE
    int (*run)(mp_process *self);  // a subclass's; NULL: mp_process_run
    const char *class_name;        // copied; NULL: "Process"
    size_t size;                   // a subclass's, bytes; 0: sizeof(mp_process)
    const mp_context *context;     // mp_get_context("spawn"): its start method;
                                   // NULL: the default at start
    const int *pass_fds;           // descriptors that the child gets under the
    int pass_fds_count;            // same numbers; MP_PASS_FDS fills in both
    int (*launch)(mp_process *process);  // filled in by mp_process_init
} mp_process_options;

// The argument of the target, as an array or a struct: MP_ARGS("alvin") or
// MP_ARGS((struct range){.from = 0, .to = 9}). Its bytes are copied, so the
// compiler refuses a pointer itself, whose bytes are an address. It cannot see
// a pointer inside a struct. The size must be known at compile time.
#define MP_ARGS(...)                                                       \
    .args = &(__VA_ARGS__), .args_size = sizeof(struct {                   \
        _Static_assert(!MP_IS_POINTER((__VA_ARGS__)),                      \
                       "MP_ARGS copies bytes: give an array or a struct, " \
                       "not a pointer");                                   \
        char bytes[sizeof(__VA_ARGS__)];                                   \
    })

// Whether x is a pointer proper. An array is none, but becomes one after a
// comma, which is how we tell them apart; 5 is GCC's pointer_type_class.
#define MP_IS_POINTER(x)                \
    (__builtin_classify_type(x) == 5 && \
     __builtin_types_compatible_p(__typeof__(x), __typeof__((void)0, (x))))

// The descriptors that the child needs: MP_PASS_FDS(reader, writer). Beside
// these it has standard input, output and error alone - but for fork, whose
// child has a copy of all. They must be open at start (EBADF), and may be
// closed by the parent right after it. They are not close-on-exec in a child of
// spawn and forkserver. (subprocess.Popen calls it pass_fds.)
#define MP_PASS_FDS(...)                  \
    .pass_fds = (const int[]){__VA_ARGS__}, \
    .pass_fds_count = sizeof((int[]){__VA_ARGS__}) / sizeof(int)

// ---- its life, in order ---------------------------------------------------

// Constructs a process that has not been started: Process(target=.., args=..),
// called as mp_process_init(&p, .target = .., MP_ARGS(..)). The name is
// "Process-1" for the first object that this process constructs, "Process-8:1"
// for the first that the child called Process-8 does; with a context given it
// is "SpawnProcess-1". Undone by mp_process_close.
// Errors: ENOMEM; EINVAL for args without args_size, too small a size, too many
// pass_fds, too long a name, or an unknown context.
#define mp_process_init(...) MP_PROCESS_INIT(__VA_ARGS__, .launch = mp_launch)
#define MP_PROCESS_INIT(process, ...) \
    mp_process_init_with((process), &(mp_process_options){__VA_ARGS__})

int mp_process_init_with(mp_process *process,
                         const mp_process_options *options);

// Creates the child process, which runs `run` and ends. stdout and stderr are
// flushed first, so that waiting text appears once. In the parent the args are
// freed: they are the child's now. Also reaps children that ended unjoined.
// Errors worth handling: EAGAIN (too many processes), ENOMEM, EMFILE (no
// descriptor left): nothing happened, and start may be called again. (If
// another thread takes the last descriptor in the very middle of the call, the
// child is killed, but may have run for some microseconds.) EPERM also in a
// daemonic process, which may not have children; ENOSYS without pidfd_open(2).
// Spawn and forkserver have more: EPERM where main has not called mp_main, or
// in a set-user-ID program; EINVAL for a target that cannot be found in a new
// image of the program (function.h); ECONNRESET, where each fork server is
// killed before it serves.
int mp_process_start(mp_process *process);

// The base's run: calls target(args), if there is a target, and returns what it
// returns. Call it from a subclass's run for Python's super().run(). It runs
// right here, in the caller; only start makes a process.
int mp_process_run(mp_process *process);

// Blocks until the child has ended, or for `timeout` seconds (zero or less only
// looks). Joining again, later, returns at once. parent_process() may be joined
// as well. Errors worth handling: ETIMEDOUT.
int mp_process_join(mp_process *process, double timeout);

// Asks the child to end: sends SIGTERM, kill SIGKILL. Neither waits for it. A
// child that has ended already is left alone. A stopped child takes SIGTERM
// only when it is continued. A sibling that holds a copy of the object may call
// them, too, as long as it knows that the child lives: it has nothing but the
// pid, and is told of no error. Errors: EINVAL for a process that was never
// started; EPERM where this process has given up the right to (setuid(2)).
int mp_process_terminate(const mp_process *process);
int mp_process_kill(const mp_process *process);

// Frees what the object holds. Refused with EBUSY while the child runs. Closing
// twice is fine. No other thread may be using the object.
int mp_process_close(mp_process *process);

// ---- what is known about it -----------------------------------------------

// The child's pid; MP_NONE, Python's None, before start. MP_NONE with errno
// EINVAL when closed (otherwise errno is 0).
pid_t mp_process_pid(const mp_process *process);

// MP_NONE until the child has ended, then n for exit status n, -N for death by
// signal N. Other code of the program may have reaped the child: n is still
// known then if the child ended by return or exit(); if not, it is 255. MP_NONE
// also in any process but the creator; and when closed, with errno EINVAL,
// which is 0 otherwise.
int mp_process_exitcode(const mp_process *process);

// The name; NULL with EINVAL when closed. Valid until set_name or close.
const char *mp_process_name(const mp_process *process);

// Python: p.name = name. At any time; need not be unique; copied. By the
// creator, and in the child by itself: EPERM elsewhere. EINVAL for NULL, and
// from MP_NAME_SIZE bytes on.
int mp_process_set_name(mp_process *process, const char *name);

// Whether the process is daemonic, 1 or 0; -1 with EINVAL when closed. Setting
// it (Python: p.daemon = True) is refused with EINVAL after start.
int mp_process_daemon(const mp_process *process);
int mp_process_set_daemon(mp_process *process, bool daemon);

// Whether the child runs, 1 or 0: 0 before start and once it has ended, however
// it ended, whoever reaped it. A stopped child is alive. It may be asked of
// current_process() and parent_process(). -1 with EPERM in other processes.
int mp_process_is_alive(const mp_process *process);

// The key with which processes that talk to each other prove that they belong
// together (lesson 21): `size` gets its length in bytes. The main process's is
// 32 random bytes; every object gets a copy of its creator's when it is
// constructed, and the child has the key that the object had at start. NULL
// when closed (EINVAL), or for parent_process() (EPERM). Valid until it is set.
const unsigned char *mp_process_authkey(const mp_process *process,
                                        size_t *size);

// Python: p.authkey = key. Copies `size` bytes. Set the current process's while
// no other thread constructs: that copies it. EINVAL above MP_AUTHKEY_MOST.
int mp_process_set_authkey(mp_process *process, const void *key, size_t size);

// A descriptor, a pidfd, that is readable from the child's end on, for poll(2)
// and mp_wait (descriptors.h). Owned by the object: valid from start to close.
// parent_process() has one, too. Errors: EINVAL before start, and in any
// process but the creator.
int mp_process_sentinel(const mp_process *process);

// ---- for the library itself -----------------------------------------------

// Refuses with EINVAL, in Python's words, where the object is closed.
int mp_process_check_open(const mp_process *process);

// Launches by the object's own context, or by the default one, which then is
// the object's. It is part of the folder start, which stands above this one: so
// it is called through a pointer, which mp_process_init sets.
int mp_launch(mp_process *process);

// The whole life of the child, whatever the start method. `creator` is who made
// it, as mp_current_as_creator said; `kernel_parent` whose child it is for the
// kernel, getppid(), which may be another one. Python: Process._bootstrap.
_Noreturn void mp_process_bootstrap(mp_process *process,
                                    const mp_record *creator,
                                    pid_t kernel_parent);

#endif
