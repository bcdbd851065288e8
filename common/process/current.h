// current.h - who am I, and who is my parent.
// Python: current_process(), parent_process(), active_children().
//
//     printf("I am %s\n", mp_process_name(mp_current_process()));
//     if (mp_parent_process() != NULL) {
//         mp_exit(3);
//     }

#ifndef MP_PROCESS_CURRENT_H
#define MP_PROCESS_CURRENT_H

#include "process/children.h"
#include "process/process.h"

// The Process object of the calling process: the one that was started, or one
// called "MainProcess". Its pid is getpid(). Never NULL; not yours to close.
mp_process *mp_current_process(void);

// The process that started this one, with its pid and the name that it had
// then; NULL in the main process. It may be joined: that waits until it ends,
// however it ends. (getppid() tells less: it may name a fork server, or init.)
mp_process *mp_parent_process(void);

// The children of this process that run, oldest first (Python's order varies).
// Reaps those that have ended. Writes at most `most` of them to `list` and
// returns how many run, which may be more. What is in the list are views: they
// can be asked, joined and terminated as long as the objects are not closed.
// They have no run, cannot be started, and need not be closed.
int mp_active_children(mp_process *list, int most);

// ---- for the library itself -----------------------------------------------

// Prepares this process for children, once.
void mp_current_begin(void);

// A record for a new object of the calling process, with its name, identity,
// daemon flag and authkey; `name` NULL makes "Process-1". NULL with ENOMEM, or
// EINVAL for a name that is too long.
mp_record *mp_current_new_record(const void *object, const char *class_name,
                                 const char *name, int daemon);

// The calling process as its child will see it, in parent_process(): a copy of
// its record, with its pid, and with `sentinel`, a pidfd of it.
mp_record mp_current_as_creator(int sentinel);

// In a new child: it becomes `self`, with `creator` as its parent, and an exit
// handler of its own. Owns the sentinel of `creator`. A daemonic child ends
// with `kernel_parent` (parent_death.h).
void mp_current_become(mp_process *self, const mp_record *creator,
                       pid_t kernel_parent);

#endif
