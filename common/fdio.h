// fdio.h - descriptors: waiting on them without losing time to signals.

#ifndef MP_FDIO_H
#define MP_FDIO_H

// Waits until `fd` is readable or `deadline` (clock.h) has passed. A signal
// handler that runs meanwhile does not shorten the wait (PEP 475 in Python).
// Returns 0 when readable, -1 otherwise.
// Errors worth handling: ETIMEDOUT.
int mp_fd_wait(int fd, double deadline);

#endif
