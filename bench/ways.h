// ways.h - the ways to have a child do nothing: it is started and waited for.
// Each ends the program with a sentence if that fails.

#ifndef WAYS_H
#define WAYS_H

#include <sys/types.h>

#include "mp.h"

// ---- by hand --------------------------------------------------------------

void ways_fork(void);         // fork, _exit, waitpid
void ways_vfork(void);        // the child borrows our memory while we wait
void ways_posix_spawn(void);  // a new image of this program, which is the file
                              // that the library spawns, too; it ends at once
void ways_thread(void);       // pthread_create, pthread_join

// Waits for a child by hand, and checks that it ended with status 0.
void ways_wait(pid_t pid);

// ---- by the library -------------------------------------------------------

// A Process from init to close, by that start method. The first call of the
// last one starts the fork server.
void ways_mp_fork(void);
void ways_mp_spawn(void);
void ways_mp_forkserver(void);

// Joins and closes it, and checks that it ended with status 0.
void ways_mp_join(mp_process *p);

#endif
