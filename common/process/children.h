// children.h - what a process knows of its children, and the one place that
// reaps them. For the library itself; a program uses process.h.
//
// Each Process object has a record here, from init to close. The record is the
// library's own memory: the object may stand on a stack that is gone when the
// program ends, and its children must be joined even so.
//
// The list belongs to the process that made it. A child of any fork(), a raw
// one too, begins with an empty list.

#ifndef MP_PROCESS_CHILDREN_H
#define MP_PROCESS_CHILDREN_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/futex.h"

// Python's None where a number is expected: no pid yet, no exit code yet. It is
// no valid status, and neither 0 nor -1, which kill(2) takes for a whole group.
#define MP_NONE INT_MIN

// The exit code of a child of which nobody can tell how it ended. CPython says
// 255 too, for children of a lost fork server (popen_forkserver.py).
#define MP_EXIT_UNKNOWN 255

// The longest names, and the longest key, in bytes. They lie in the record, so
// that its bytes can be copied to a process that is no copy of this one.
enum { MP_NAME_SIZE = 128, MP_IDENTITY_SIZE = 64, MP_AUTHKEY_MOST = 256 };

// In shared memory (shm.h). How a child ended: the child leaves it when it ends
// by return or exit(), and its fork server where it was killed.
typedef struct {
    int exitcode;         // MP_NONE until then
    // For the child of a fork server alone (serve.h); otherwise 0.
    _Atomic pid_t pid;    // its pid, once it has begun
    mp_eventcount begun;  // advanced then, or when none will begin
} mp_exit_status;

typedef struct mp_record {
    // Set at construction, by the thread that constructs.
    unsigned creator;  // the generation (pid.h) of the process that may start,
                       // join and close the object
    char name[MP_NAME_SIZE];
    char identity[MP_IDENTITY_SIZE];  // "8:1": the first child of the eighth
    bool daemon;
    mp_exit_status *exit_status;
    const void *object;  // the object itself, and not a view of it
    size_t authkey_size;
    unsigned char authkey[MP_AUTHKEY_MOST];

    // Written by start, under the list's lock. Threads that use the object
    // after that may read them without it.
    bool started;    // start was called here, and succeeded
    pid_t pid;       // MP_NONE until then
    int sentinel;    // a pidfd, readable once the child has ended; or -1

    // Protected by the list's lock.
    int exitcode;  // MP_NONE until the child has been reaped
    struct mp_record *next;
} mp_record;

// What every new record begins with.
#define MP_RECORD_EMPTY .pid = MP_NONE, .sentinel = -1, .exitcode = MP_NONE

// Called once, before anything else here: prepares for forks.
void mp_children_begin(void);

// The list takes the record, which the caller has allocated.
void mp_children_add(mp_record *record);

// Takes the record off the list, closes its sentinel and frees it.
void mp_children_remove(mp_record *record);

// Frees a record that is not on the list, and its shared memory.
void mp_children_free(mp_record *record);

// A launcher reports a new child. The record owns the sentinel from here on.
void mp_children_started(mp_record *record, pid_t pid, int sentinel);

// Whether the child was started and has not ended. Reaps it if it has ended.
bool mp_children_runs(mp_record *record);

// The child's exit code, or MP_NONE while it runs or before it was started. If
// a fork server's child was killed, blocks until the server has noted it, for
// so many seconds at most, as when the server is stopped (SIGSTOP). Then the
// exit code is MP_EXIT_UNKNOWN.
#define MP_SERVER_PATIENCE 5.0
int mp_children_exitcode(mp_record *record);

// Blocks until the child has ended, or until `deadline` (clock.h). Any number
// of threads may join one child. Errors: ETIMEDOUT.
int mp_children_join(mp_record *record, double deadline);

// Reaps all children of this process itself that have ended. Python:
// process._cleanup.
void mp_children_reap_all(void);

// Sends `sig` to the child, unless it has ended. It cannot reach a stranger
// that was given the child's pid: the pidfd is the child's own. Errors: EPERM,
// where this process has given up the right to (setuid(2)).
int mp_children_signal(mp_record *record, int sig);

// Sends `sig` to every daemonic child that runs.
void mp_children_signal_daemons(int sig);

// The record of a child that runs, and that is daemonic or not, as asked; NULL
// if there is none.
mp_record *mp_children_next_running(bool daemonic);

#endif
