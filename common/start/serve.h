// serve.h - the fork server itself: a new image of the program that forks a
// child for each request. Python: forkserver.py, main.
//
// It has one thread and hardly any memory, so that its forks are safe and fast,
// whatever the program does. It belongs to one process, its client, and is
// reached by a pair of sockets of which only these two have an end.
//
//     client                    server                     child
//     ------------------------  -------------------------  ------------------
//     spawn data, and one end
//     of a new pair  ---------> fork  -------------------> (a copy)
//     start returns <----------------------------------- child info: its pid
//                               closes its copies          mp_spawn_data_open
//                                                          run, target, exit
//                               waitpid <----------------- (its end)
//     exit code  <------------- a report
//
// The new pair belongs to this child alone. Its other end is with the server
// and, from the fork on, with the child. So if the client reads end-of-file
// before the child info, both are gone or never were: it may ask again, and no
// child ever runs twice.

#ifndef MP_START_SERVE_H
#define MP_START_SERVE_H

#include <sys/types.h>

#define MP_FORKSERVER_MARK "--multiprocessing-forkserver="

// A request is the address of the spawn data. With it come descriptors: the
// child's end of its pair, a pidfd of the client, and then the pass_fds.
enum { MP_REQUEST_REPLY, MP_REQUEST_CREATOR, MP_REQUEST_PASSED };

typedef struct {
    pid_t pid;  // of the child; 0 where the server could not fork
    int error;  // its errno
} mp_child_info;

// At the top of main in the image, with what stands behind the mark: serves
// until nobody can ask any more.
_Noreturn void mp_forkserver_serve(const char *argument);

#endif
