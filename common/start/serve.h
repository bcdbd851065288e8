// serve.h - the fork server itself: a new image of the program that forks a
// child for each request. Python: forkserver.py, main.
//
// Its client has started it by spawn. So it has one thread and hardly any
// memory, and its forks are safe and fast, whatever the program does. These two
// processes alone have the ends of the pair of sockets between them.
//
//     client                    server                     child
//     ------------------------  -------------------------  ------------------
//     request  ---------------> fork  -------------------> (a copy)
//     start returns  <------------------------------------ its pid
//                                                          mp_spawn_data_open
//                                                          run, target, exit
//     the child's pidfd is      waitid  <----------------- (its end)
//     readable
//
// The pid stands in shared memory, in the child's exit status slot
// (children.h). Before it asks, the client puts there minus the number of its
// request. One compare-and-swap replaces that by the child's pid, and before
// this the child has run nothing. If the server is killed, the client replaces
// it by -1, unless the child was faster. Then no child will run, and start may
// ask a new server: no child ever runs twice.
//
// A child that ends by itself leaves its exit status in the slot. The server
// notes there how a child was killed.

#ifndef MP_START_SERVE_H
#define MP_START_SERVE_H

#include "start/spawn_data.h"

// With a request come descriptors: the working directory, then the pass_fds.
typedef struct {
    const mp_spawn_data *data;
    mp_exit_status *exit_status;  // of the child
    pid_t number;                 // another one each time
} mp_request;

enum { MP_REQUEST_DIRECTORY, MP_REQUEST_PASSED };

// What the server runs, until its client has ended or closed its socket. The
// server's end of the pair is what was passed to it.
int mp_forkserver_serve(mp_process *self);

#endif
