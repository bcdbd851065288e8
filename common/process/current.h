// current.h - who am I, who is my parent, and how everything ends.
// Python: current_process(), parent_process(), sys.exit(), and the joining of
// the children that Python does when a program ends.
//
//     printf("I am %s\n", mp_process_name(mp_current_process()));
//     if (mp_parent_process() != NULL) {
//         mp_exit(3);
//     }
//
// Every process ends the same way, by return or by exit() from anywhere. Its
// own exit handlers run. Then stdout and stderr are flushed, its daemonic
// children are told to end, and all of its children are joined; starting one is
// refused from then on. It keeps its own exit status. Handlers that its parent
// registered do not run in it. (In the main process, handlers that were
// registered before mp_main, or without mp_main before the first init, run
// after the joins.) Streams that a child opens itself, it must close itself.
//
// As always in C, exit() is for one thread, once. One that starts processes
// while another calls exit() may leave a child behind that nobody joins.

#ifndef MP_PROCESS_CURRENT_H
#define MP_PROCESS_CURRENT_H

#include <stdlib.h>

#include "process/children.h"
#include "process/process.h"

// ---- for programs ---------------------------------------------------------

// The Process object of the calling process: the one that was started, or one
// called "MainProcess". Its pid is getpid(). Never NULL; not yours to close.
mp_process *mp_current_process(void);

// The process that started this one, with its pid and the name that it had
// then; NULL in the main process. It may be joined: that waits until it ends,
// however it ends. (getppid() tells less: it may name a fork server, or init.)
mp_process *mp_parent_process(void);

// The children of this process that run, oldest first (Python's order varies).
// Reaps those that have ended. Writes at most `most` of them to `list` and
// returns how many run, which may be more; -1 with ENOMEM. What is in the list
// are views: they can be asked, joined and terminated as long as the objects
// are not closed. They have no run, cannot be started, and need not be closed.
int mp_active_children(mp_process *list, int most);

// Python's sys.exit(status). It is exit(status), also where the C library does
// not tell exit handlers the status: on musl, exit() in a source that includes
// this header is mp_exit, and exit() called by other code in a child gives the
// exit code MP_EXIT_UNKNOWN.
_Noreturn void mp_exit(int status);
#ifndef __GLIBC__
#define exit(status) mp_exit(status)
#endif

// Seconds between SIGTERM and SIGKILL for a daemonic child whose parent ends.
// (Python sends only SIGTERM, and waits for ever: util.py, _exit_function.)
#define MP_DAEMON_GRACE 2.0

// ---- for the library's own rooms ------------------------------------------

// Sees to the end of this process, once: registers the exit handler.
void mp_current_begin(void);

// A record for a new object of the calling process, with its name, identity,
// daemon flag and authkey; `name` NULL makes "Process-1". NULL with ENOMEM.
mp_record *mp_current_new_record(const void *object, const char *class_name,
                               const char *name, int daemon);

// The calling process as its child will see it, in parent_process(): its pid,
// name, identity, daemon flag, and `sentinel`, a pidfd of it. The strings are
// borrowed.
mp_record mp_current_as_creator(int sentinel);

// In a new child: it becomes `self`, with `creator` as its parent, no children,
// and an end of its own. Keeps the strings of `creator`, owns its sentinel. A
// daemonic child is told by the kernel when `kernel_parent` ends
// (parent_death.h).
void mp_current_become(mp_process *self, const mp_record *creator,
                     pid_t kernel_parent);

// Has `handler` called at the end of this process, after all its children were
// joined. One handler, for the fork server (start/forkserver.c).
void mp_current_at_exit(void (*handler)(void));

#endif
