// start_fork.h - the start method "fork": the child begins as a copy of us.

#ifndef MP_START_FORK_H
#define MP_START_FORK_H

#include "process.h"

// Python: popen_fork.Popen.
extern const mp_launcher mp_start_fork;

#endif
