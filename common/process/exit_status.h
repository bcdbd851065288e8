// exit_status.h - where a child leaves its exit status for its parent.
//
// The kernel gives a status to one caller of wait alone. If that is somebody
// else in the program, ours is lost. So a child also writes it down, in memory
// that it shares with its parent, when it ends by return or exit().
//
//     int *box = mp_exit_status_new();      // in the parent, before the fork
//     *box = 3;                      // in the child, if it is a copy of us
//     if (*box != MP_EXIT_STATUS_NONE) ..  // in the parent, at the end
//     mp_exit_status_free(box);             // in the parent

#ifndef MP_PROCESS_EXIT_STATUS_H
#define MP_PROCESS_EXIT_STATUS_H

#include <limits.h>
#include <stddef.h>

#define MP_EXIT_STATUS_NONE INT_MIN

// Called once, before anything else here: prepares for forks.
void mp_exit_status_begin(void);

// An empty box, or NULL with ENOMEM or EMFILE. It belongs to the calling
// process.
int *mp_exit_status_new(void);

// NULL is fine.
void mp_exit_status_free(int *box);

// For a child that is no copy of this process: where it finds the box. Returns
// a descriptor, owned by this room, of the memory in which the box lies, and
// writes how far from its beginning, in bytes.
int mp_exit_status_locate(const int *box, size_t *offset);

// In that child: the box, for as long as it lives; NULL with ENOMEM. The
// descriptor may be closed afterwards.
int *mp_exit_status_open(int fd, size_t offset);

#endif
