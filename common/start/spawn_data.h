// spawn_data.h - all that a child must know that is no copy of its parent.
//
//     mp_spawn_data letter;                        // in the parent
//     mp_spawn_data_write(&letter, process);
//     ..                                       // the descriptors travel
//     mp_record creator;                       // in the child
//     mp_spawn_data_read(&letter, memory);
//     mp_process *self = mp_spawn_data_open(&letter, &creator);
//
// The letter is memory without a name (memfd_create(2)): the object of the
// subclass, the arguments, target and run as places in the program
// (function.h), name, identity (process/children.h), daemon flag, authkey, who
// the creator is, and where the child's box for its exit status is
// (process/exit_status.h). The child maps it, and works on a copy, page by page
// as it writes: start copies 64 MiB of arguments once. Python sends a pickle
// through a pipe, and where it is larger than the pipe start waits until the
// child has read it (popen_spawn_posix.py).

#ifndef MP_START_SPAWN_DATA_H
#define MP_START_SPAWN_DATA_H

#include "process/process.h"

// Descriptors go with it, each as one of the process that has the letter: a
// pidfd of the creator, the memory of the child's box for its exit status, the
// arena of shared memory (memory/arena.h) if there is one, and the pass_fds.
enum { MP_SPAWN_DATA_CREATOR, MP_SPAWN_DATA_POST, MP_SPAWN_DATA_LEAST,
       MP_SPAWN_DATA_ARENA = 2, MP_SPAWN_DATA_OWN };

typedef struct {
    int memory;
    int fds[MP_SPAWN_DATA_OWN + MP_PASS_FDS_MOST];
    int count;
    int copy;  // of one of the pass_fds, or -1
} mp_spawn_data;

// In the parent. Fails having changed nothing: EINVAL where target or run
// cannot be found in a new image (function.h); EBADF for one of the pass_fds
// that is not open; EFBIG, EMFILE, ENOMEM.
int mp_spawn_data_write(mp_spawn_data *letter, const mp_process *process);

// In the parent: its descriptors are not needed here any more. Keeps errno.
void mp_spawn_data_close(const mp_spawn_data *letter);

// In a child that inherited the memory and, under the numbers that they had,
// the other descriptors: reads these numbers. Errors: EPROTO where it is no
// letter.
int mp_spawn_data_read(mp_spawn_data *letter, int memory);

// In the child, which has closed all other descriptors: the object that it is
// to become, and its `creator`. Gives the pass_fds their numbers. NULL on
// failure.
mp_process *mp_spawn_data_open(mp_spawn_data *letter, mp_record *creator);

#endif
