// serve.h - the fork server itself: a new image of the program that forks a
// child for each request. Python: forkserver.py, main.
//
// It is a process that its client has started by spawn, so it has one thread and
// hardly any memory, and its forks are safe and fast, whatever the program does.
// It is reached by a pair of sockets of which only these two have an end.
//
//     client                    server                     child
//     ------------------------  -------------------------  ------------------
//     spawn data, and one end
//     of a new pair  ---------> fork  -------------------> (a copy)
//     start returns <----------------------------------- child info: its pid
//                                                          mp_spawn_data_open
//                                                          run, target, exit
//     the child's pidfd is      waitid  <----------------- (its end)
//     readable
//
// The new pair is for this child alone, and from the fork on its other end is
// with the child alone. So if the client reads end-of-file before the child
// info, no child is or will be: it may ask again, and no child ever runs twice.
//
// A child that ends by itself leaves its exit status in shared memory
// (children.h). The server notes there how a child was killed.

#ifndef MP_START_SERVE_H
#define MP_START_SERVE_H

#include "process/process.h"

// A request is the address of the spawn data. With it come descriptors: the
// child's end of its pair, the working directory, and then the pass_fds.
enum { MP_REQUEST_REPLY, MP_REQUEST_DIRECTORY, MP_REQUEST_PASSED };

typedef struct {
    pid_t pid;  // of the child; 0 where the server could not fork
    int error;  // its errno
} mp_child_info;

// What the server runs, until nobody can ask any more. Its end of the socket is
// what was passed to it.
int mp_forkserver_serve(mp_process *self);

#endif
