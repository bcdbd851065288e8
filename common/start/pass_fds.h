// pass_fds.h - descriptors that go from one process to another: over a socket,
// and to the numbers under which the new process wants them. unix(7).

#ifndef MP_START_PASS_FDS_H
#define MP_START_PASS_FDS_H

#include <stddef.h>
#include <sys/types.h>

// Closes all descriptors but standard input, output and error, and `fds`.
void mp_close_all_but(const int *fds, int count);

// Gives each of `fds`, from the one with index `from` on, the number that
// stands for it in `numbers`, whatever is open there. Those before it keep
// theirs, or get others that are in nobody's way. -1 stands for none.
// Errors: EMFILE; EBADF for a number above the limit.
int mp_move_fds(int *fds, int count, const int *numbers, int from);

// The most descriptors that one message may carry: 253 says the kernel,
// unix(7), and musl's sendmsg has room for one less.
#define MP_MESSAGE_FDS 252

// A message with descriptors, over a socket that keeps messages whole. Sending
// raises no SIGPIPE. Receiving waits; it returns the size of the message, 0
// once nobody can send any more, or -1. `count` is the room in `fds` and gets
// how many came: close-on-exec, and owned by the caller. Where there was no
// room for all of them, or no free descriptor, it fails with EMFILE.
int mp_send_fds(int socket, const void *data, size_t size, const int *fds,
                int count);
ssize_t mp_receive_fds(int socket, void *data, size_t size, int *fds,
                       int *count);

#endif
