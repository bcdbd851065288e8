// forkserver.h - the start method "forkserver": a small process of our
// own forks the child (serve.h). Python: popen_forkserver.Popen.
//
// The server is a new image of this program. It is started with the first child
// that needs it, ends when this process ends, and is started anew where it was
// killed. A child that has children of this kind has a server of its own. What
// a child has is what a spawned child has, except that environment, standard
// descriptors, umask and limits are those of the server's own start. (After a
// change of user or group there is a new server.) getppid() is the server;
// parent_process() is who asked. (In CPython all processes share one server,
// which listens on a named or abstract socket; CVE-2022-42919 came of that.)
//
// If the server is killed, its children run on. Their exit codes are known
// where they end by return or exit(); of one that is killed after its server it
// is MP_EXIT_UNKNOWN, 255. A daemonic child ends with its server, by SIGKILL,
// since nobody could tell it of its parent's end.
//
// The server is a child of this process: waitpid(-1) may return its pid. While
// somebody has stopped it (SIGSTOP), a start waits.

#ifndef MP_START_FORKSERVER_H
#define MP_START_FORKSERVER_H

#include "process/process.h"

extern const mp_context mp_start_forkserver;

#endif
