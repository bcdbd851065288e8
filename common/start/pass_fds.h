// pass_fds.h - descriptors that go from one process to another: over a socket,
// and to the numbers under which the new process wants them. unix(7).

#ifndef MP_START_PASS_FDS_H
#define MP_START_PASS_FDS_H

#include <stddef.h>
#include <sys/types.h>

#include "process/process.h"

// Closes all descriptors but standard input, output and error, and `fds`. Slow
// before Linux 5.9 where there may be many.
void mp_close_all_but(const int *fds, int count);

// Gives each of `fds` the number that stands for it in `numbers`, and closes
// what was open there. The new descriptors are not close-on-exec. `other` is
// kept as well, under another number. Errors: EMFILE.
int mp_move_fds(const int *fds, const int *numbers, int count, int *other);

// The most descriptors that one message carries.
enum { MP_MESSAGE_FDS = 1 + MP_PASS_FDS_MOST };

// A message with descriptors, over a socket that keeps messages whole. Sending
// raises no SIGPIPE. Receiving waits; it returns the size of the message, 0
// once nobody can send any more, or -1. `count` gets how many came:
// close-on-exec, and owned by the caller. Errors: EMFILE.
int mp_send_fds(int socket, const void *data, size_t size, const int *fds,
                int count);
ssize_t mp_receive_fds(int socket, void *data, size_t size, int *fds,
                       int *count);

#endif
