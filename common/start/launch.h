// launch.h - what the start methods have in common: before a child exists, and
// when it does. Python: popen_fork.Popen, the base of all of them.

#ifndef MP_START_LAUNCH_H
#define MP_START_LAUNCH_H

#include "process/children.h"

// Refuses a start: "cannot start a process: .." with the text of `error`.
int mp_launch_refuse(int error);

// A pidfd of the child `pid`, which may have ended: readable from its end on.
// Errors: EMFILE, ENOSYS.
int mp_launch_sentinel(pid_t pid);

// Kills a child whose start has failed, and returns once it is reaped, by us or
// by its fork server.
void mp_launch_undo(pid_t pid);

// A child exists: tells the list of children. If it cannot be watched, for want
// of a descriptor, it is killed, and this fails.
int mp_launch_register(mp_record *record, pid_t pid);

#endif
