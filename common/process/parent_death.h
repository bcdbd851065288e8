// parent_death.h - a daemonic child does not outlive a parent that is killed.
//
// A parent that ends by itself tells its daemons to end (exit.h). One that
// is killed by SIGKILL cannot, and Python's daemons then run on for ever. Here
// the kernel tells them: prctl(2), PR_SET_PDEATHSIG, Linux only. It cannot tell
// a daemon that blocks the signal below, that changed its user or group
// (setuid(2)), or whose parent is in another pid namespace, and a stopped one
// hears it when it is continued. Before execve(2) a daemon should call
// prctl(PR_SET_PDEATHSIG, 0): the new program has no handler, and would die
// when the thread that started it ends.

#ifndef MP_PROCESS_PARENT_DEATH_H
#define MP_PROCESS_PARENT_DEATH_H

#include <sys/types.h>

// The signal that says so; reserved for this in a daemonic child.
#define MP_PARENT_DEATH_SIGNAL (SIGRTMAX - 1)

// In a child: from now on it is killed when the process `parent`, its parent,
// ends. A system call of its may return early (EINTR) when a thread of the
// parent ends; sleeps and waits of this library go on.
void mp_die_with_parent(pid_t parent);

#endif
