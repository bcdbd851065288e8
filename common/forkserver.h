// forkserver.h - the fork server itself: a new image of the program that forks
// a child for each letter it gets. Python: forkserver.py, main.
//
// It has one thread and hardly any memory, so that its forks are safe and fast,
// whatever the program that asks has. It belongs to one process, the asker,
// reached by a pair of sockets of which only these two have an end.
//
//     asker                     server                     child
//     ------------------------  -------------------------  -----------------
//     letter, and the one end
//     of a new pair  ---------> fork  -------------------> (a copy)
//     start returns <-------------------- a hello: its pid and its pidfd
//                               closes its copies          opens the letter
//                                                          run, target, exit
//                               waitpid <----------------- (its end)
//     exit code  <------------- a report
//
// The new pair is the child's alone. If it falls silent before the hello, no
// copy of its other end is left, so neither the server nor a child is: the
// asker may ask again, and no child ever runs twice.

#ifndef MP_FORKSERVER_H
#define MP_FORKSERVER_H

#include <sys/types.h>

#define MP_FORKSERVER_MARK "--multiprocessing-forkserver"

// What goes with a request, before the descriptors of the letter.
enum { MP_REQUEST_MEMORY, MP_REQUEST_REPLY, MP_REQUEST_DIRECTORY,
       MP_REQUEST_LETTER };

// The answer to a request. With the pid comes a pidfd; or 0 and an errno, where
// the server could not fork.
typedef struct {
    pid_t pid;
    int error;
} mp_hello;

// At the top of main in the image: serves until nobody can ask any more.
_Noreturn void mp_forkserver_serve(void);

#endif
