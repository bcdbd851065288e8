// fork.h - the start method "fork": the child begins as a copy of us.
// Python: popen_fork.Popen.
//
// It has all that we have: memory, descriptors, the place in the program; but
// not our signal handlers, which are reset (Python's child keeps them), nor our
// other threads. A lock that one of them held at the fork is
// locked in the child for ever: not ours, and not malloc's or stdio's, which
// the C library sees to, but those of the program and of other libraries. The
// more memory we use, the longer fork takes: it copies the page tables.

#ifndef MP_START_FORK_H
#define MP_START_FORK_H

#include "process/process.h"

extern const mp_context mp_start_fork;

// What start does when it would fork while this process has several threads:
// go on in silence, write one line to stderr, as CPython 3.12 warns (where it
// is asked to, by -W default), or refuse with EDEADLK.
typedef enum { MP_FORK_ALLOW, MP_FORK_WARN, MP_FORK_REFUSE } mp_fork_policy;

// Chooses; MP_FORK_ALLOW until then. The threads are counted in /proc.
void mp_set_fork_policy(mp_fork_policy policy);

#endif
