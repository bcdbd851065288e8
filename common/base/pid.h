// pid.h - which process am I? Asked without a system call.
//
// Nearly every call of this library asks whether the object it was given
// belongs to this process, and getpid(2) is a system call each time. So a page
// of memory keeps the answer. The kernel clears that page in each copy of the
// process, also in one that clone(2) makes (madvise(2), MADV_WIPEONFORK, since
// Linux 4.14). A copy that finds the page empty asks once more.

#ifndef MP_BASE_PID_H
#define MP_BASE_PID_H

#include <stdatomic.h>
#include <sys/types.h>

// getpid(2).
pid_t mp_own_pid(void);

// A number from 1 on, higher in each copy than in its original. (In another pid
// namespace a copy may have the pid of its original, pid_namespaces(7).)
unsigned mp_own_generation(void);

// Where that number stands, for those who ask even more often. It is 0 in a new
// copy, until that copy asks.
const _Atomic unsigned *mp_own_generation_word(void);

#endif
