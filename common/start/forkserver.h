// forkserver.h - the start method "forkserver": a small process of our own, the
// fork server, forks the child (serve.h). Python: popen_forkserver.Popen.
//
// The server is a new image of this program. It is started with the first child
// that needs it, ends when this process ends, and is started anew where it was
// killed. A child that has children of this kind has a server of its own. (In
// CPython all processes share one server, which listens on a named or abstract
// socket; CVE-2022-42919 came of that.) getppid() is the server;
// parent_process() is the process that called start.
//
// A child has its arguments, its pass_fds and the working directory from us.
// All else it has as the server was given it at its own start: environment,
// standard descriptors, limits, user, groups, capabilities, session, CPUs,
// ignored signals. So choose these before the first start, or use spawn. After
// unshare(2) with CLONE_NEWPID do not use it: a child tells the pid that it has
// in the new namespace, which here is a stranger's.
//
// If the server is killed, its children run on. Their exit codes are known
// where they end by return or exit(); if one is killed after its server it is
// MP_EXIT_UNKNOWN, 255. A daemonic child ends with its server, by SIGKILL,
// since nobody could tell it of its parent's end.
//
// The server is a child of this process: waitpid(-1) may return its pid. While
// the server is stopped (SIGSTOP), a start waits.

#ifndef MP_START_FORKSERVER_H
#define MP_START_FORKSERVER_H

#include "process/process.h"

extern const mp_context mp_start_forkserver;

// ---- for the library itself -----------------------------------------------

// The pid of this process's server, or MP_NONE where none runs.
pid_t mp_forkserver_pid(void);

// Ends the server, if there is one, and reaps it.
void mp_forkserver_stop(void);

#endif
