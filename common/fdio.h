// fdio.h - descriptors: waiting on them, memory behind them, passing them on,
// and losing neither time nor bytes to signals.
//
//     int sentinels[2] = { mp_process_sentinel(&p), mp_process_sentinel(&q) };
//     int ready[2];
//     mp_wait(sentinels, 2, ready, MP_FOREVER);  // until one has ended

#ifndef MP_FDIO_H
#define MP_FDIO_H

#include <stddef.h>
#include <sys/types.h>

// Waits until `fd` is readable or `deadline` (clock.h) has passed. A signal
// handler that runs meanwhile does not shorten the wait (PEP 475 in Python).
// Returns 0 when readable, -1 otherwise.
// Errors worth handling: ETIMEDOUT.
int mp_fd_wait(int fd, double deadline);

// Python: multiprocessing.connection.wait. Waits until at least one of `count`
// descriptors is readable (a sentinel: until its process has ended), or for
// `timeout` seconds; zero or less only looks, MP_FOREVER waits for ever. Writes
// those that are readable to `ready`, room for `count`, in the order given.
// Returns how many they are: 0 when the time has passed (Python's empty list),
// -1 on failure. Errors: EBADF for a descriptor that is not open; ENOMEM;
// EINVAL for a negative count, or one above RLIMIT_NOFILE.
int mp_wait(const int *descriptors, int count, int *ready, double timeout);

// ---- for the library's own rooms ------------------------------------------

// A file of `size` bytes, all zero, that has no name: memory which other
// processes can map. memfd_create(2). Owned by the caller. Errors: EMFILE,
// ENOMEM; EFBIG above the limit of `ulimit -f`, without the signal SIGXFSZ.
int mp_memory_file(size_t size);

// pwrite(2) of all `size` bytes, however many calls it takes.
int mp_write_at(int fd, const void *data, size_t size, off_t offset);

// Closes all descriptors but standard input, output and error, and `fds`.
void mp_close_all_but(const int *fds, int count);

// Gives each of `fds`, from the one with index `from` on, the number that
// stands for it in `numbers`, whatever is open there, and those before it other
// numbers of their own. -1 stands for none. Errors: EMFILE.
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
