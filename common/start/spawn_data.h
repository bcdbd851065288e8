// spawn_data.h - all that a child must know that is no copy of its parent.
//
// It is one block of shared memory (shm.h): the object of the subclass, the
// arguments, references to target and run (function.h), name, identity, daemon
// flag, authkey, who the creator is, and where to leave the exit status. The
// child makes a copy of its own. Python calls it preparation data, and sends it
// as a pickle through a pipe: where it is larger than the pipe, start waits
// until the child has read it (popen_spawn_posix.py).

#ifndef MP_START_SPAWN_DATA_H
#define MP_START_SPAWN_DATA_H

#include "process/process.h"

typedef struct mp_spawn_data mp_spawn_data;

// In the parent: made from an object that may be started. It belongs to the
// child (shm.h), until that has ended, or its start has failed. Errors: EINVAL
// where target or run cannot be found in a new image (function.h); ENOMEM.
mp_spawn_data *mp_spawn_data_new(const mp_process *process);

// In the child: the object that it is to become, and its `creator`, of which
// `creator_pidfd` is a pidfd. Errors: ENOMEM, ENOENT: then the child prints the
// sentence and ends with MP_EXIT_UNKNOWN.
mp_process *mp_spawn_data_open(const mp_spawn_data *given, int creator_pidfd,
                               mp_record *creator);

#endif
