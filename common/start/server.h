// server.h - the fork server of this process, as the one who asks sees it: it
// is started when it is needed, and ended with us. For forkserver.c; what
// the server does is in serve.h.

#ifndef MP_START_SERVER_H
#define MP_START_SERVER_H

#include <sys/types.h>

// What came of asking.
typedef enum {
    MP_SERVER_DONE,    // the server has the request, or has made a child
    MP_SERVER_NOBODY,  // no child is or will be: who was to make it was killed
    MP_SERVER_LATER,   // the system has too many descriptors under way
    MP_SERVER_CANNOT   // errno says why
} mp_server_outcome;

// Called at the top of main.
void mp_server_begin(void);

// Sends a request, to a new server if there is none: `fds` as serve.h
// lists them, where this fills in MP_REQUEST_REPLY. The other end of the
// child's pair is `report`, owned by the caller when the outcome is DONE.
mp_server_outcome mp_server_request(int *fds, int count, int *report);

// The pid of the server, or MP_NONE where none runs.
pid_t mp_server_pid(void);

// Ends the server, if there is one, and reaps it.
void mp_server_stop(void);

#endif
