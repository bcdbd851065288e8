// serve.h - the fork server itself: a new image of the program that forks a
// child for each request. Python: forkserver.py, main.
//
// It is a process that its client has started by spawn, so it has one thread and
// hardly any memory, and its forks are safe and fast, whatever the program does.
// It is reached by a pair of sockets of which only these two have an end.
//
//     client                    server                     child
//     ------------------------  -------------------------  ------------------
//     spawn data  ------------> fork  -------------------> (a copy)
//     start returns  <------------------------------------ its pid
//                                                          mp_spawn_data_open
//                                                          run, target, exit
//     the child's pidfd is      waitid  <----------------- (its end)
//     readable
//
// The pid stands in the child's exit status slot (children.h), in shared memory.
// Before it asks, the client puts there minus the number of its request. One
// compare-and-swap replaces that by the child's pid, and before this the child
// has run nothing. If the server is killed, the client replaces it by -1, unless
// the child was faster: then no child will run, and start may ask a new server.
// So no child ever runs twice.
//
// A child that ends by itself leaves its exit status there. The server notes how
// a child was killed.

#ifndef MP_START_SERVE_H
#define MP_START_SERVE_H

#include "start/spawn_data.h"

// With a request come descriptors: the working directory, then the pass_fds.
typedef struct {
    const mp_spawn_data *data;
    mp_exit_status *exit_status;  // of the child
    pid_t number;                 // another one each time, from 2 on
} mp_request;

enum { MP_REQUEST_DIRECTORY, MP_REQUEST_PASSED };

// What the server runs, until its client has ended or closed its socket. Its own
// end of the socket is what was passed to it.
int mp_forkserver_serve(mp_process *self);

#endif
