// fork.h - the start method "fork": the child begins as a copy of us.
// Python: popen_fork.Popen.
//
// It has all that we have: memory, descriptors, the place in the program; but
// not our other threads, nor our handlers of standard signals, which are reset
// but for those of SIGSEGV and SIGBUS (Python's child keeps all). A lock that
// another thread held at the fork is locked in the child for ever. That does
// not hold for our own locks, nor for those of malloc and stdio, which the C
// library and we see to. It does hold for the program's, for other libraries',
// and for glibc's lock of exit handlers: a child hangs before its target if, at
// the fork, another thread was inside atexit(3) or dlclose(3). (CPython 3.12
// warns where a process with threads forks.) The more memory we use, the longer
// fork takes: it copies the page tables.

#ifndef MP_START_FORK_H
#define MP_START_FORK_H

#include "process/process.h"

extern const mp_context mp_start_fork;

#endif
