// launch.h - what the start methods have in common: before a child exists, and
// when it does. Python: popen_fork.Popen, the base of all of them.

#ifndef MP_START_LAUNCH_H
#define MP_START_LAUNCH_H

#include "process/children.h"

// Writes out what waits in stdout and stderr, so that it stands before what the
// child prints. No other stream: fflush(NULL) would wait for a thread that
// reads stdin.
void mp_launch_flush(void);

// Refuses a start: "cannot start a process: .." with the text of `error`.
int mp_launch_refuse(int error);

// A pidfd of the child `pid` of this process, which may have ended: readable
// from its end on. Errors: EMFILE, ENOSYS.
int mp_launch_sentinel(pid_t pid);

// Kills a child of this process that nobody is to know of, and reaps it.
void mp_launch_undo(pid_t pid);

// A child of this process exists: tells the list of children. If it cannot be
// watched, for want of a descriptor, the child is killed, and this fails.
int mp_launch_register(mp_record *record, pid_t pid);

#endif
