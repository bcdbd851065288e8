// exit.h - how a process ends, and what becomes of its children then.
// Python: sys.exit(), and util._exit_function, which runs at the end.
//
// Every process ends the same way, by return or by exit() from anywhere. Its
// own exit handlers run. Then stdout and stderr are flushed, its daemonic
// children are told to end, and all of its children are joined. The process
// keeps its own exit status. Handlers that its parent
// registered do not run in it. (In the main process, handlers that were
// registered before mp_main, or without mp_main before the first init, run
// after the joins.) A child must close the streams that it opens itself.
//
// As always in C, exit() is for one thread, once. No other thread may close a
// process meanwhile. If one starts a process, a child may be left that nobody
// joins.

#ifndef MP_PROCESS_EXIT_H
#define MP_PROCESS_EXIT_H

#include <stdlib.h>

#include "process/children.h"

// Python's sys.exit(status). It is exit(status), also where the C library does
// not tell exit handlers the status: on musl, exit() in a source that includes
// this header is mp_exit, and exit() called by other code in a child gives the
// exit code MP_EXIT_UNKNOWN.
_Noreturn void mp_exit(int status);
#ifndef __GLIBC__
#define exit(status) mp_exit(status)
#endif

// Seconds between SIGTERM and SIGKILL for a daemonic child whose parent ends.
// (Python sends only SIGTERM, and waits for ever: util.py, _exit_function.) One
// that this process may not signal (setuid(2)) is left to itself after twice
// that time.
#define MP_DAEMON_GRACE 2.0

// ---- for the library itself -----------------------------------------------

// In the main process, once: registers the exit handler.
void mp_exit_begin(void);

// In a new child: its end is its own. It leaves its status in `exit_status`,
// and no handler of its parent runs. Without memory for that it ends at once.
void mp_exit_begin_child(mp_exit_status *exit_status);

// Has `handler` called at the end of this process, after all its children were
// joined. One handler, for the fork server (start/forkserver.c).
void mp_exit_at_end(void (*handler)(void));

#endif
