// descriptors.h - waiting on descriptors, without losing time to signals.
//
//     int sentinels[2] = { mp_process_sentinel(&p), mp_process_sentinel(&q) };
//     int ready[2];
//     mp_wait(sentinels, 2, ready, MP_FOREVER);  // until one has ended

#ifndef MP_BASE_DESCRIPTORS_H
#define MP_BASE_DESCRIPTORS_H

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

#endif
