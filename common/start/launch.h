// launch.h - what the start methods have in common: before a child exists, and
// when it does. Python: popen_fork.Popen, the base of all of them.

#ifndef MP_START_LAUNCH_H
#define MP_START_LAUNCH_H

#include "process/process.h"

// Launches by this start method. The exit status slot, and what else is made
// for the child, belongs to it (shm.h) until its end, or until this has failed.
int mp_launch_by(const mp_context *context, mp_process *process);

// Refuses a start: "cannot start a process: .." with the text of `error`.
int mp_launch_refuse(int error);

// A child exists: tells the list of children. If it cannot be watched, for want
// of a descriptor, it is killed, and this fails. Errors: EMFILE, ENOSYS.
int mp_launch_register(mp_record *record, pid_t pid);

#endif
