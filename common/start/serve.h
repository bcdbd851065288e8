// serve.h - the fork server itself: a new image of the program that forks
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
// The new pair belongs to this child alone. Its other end is with the server
// and, from the fork on, with the child. So if the asker reads end-of-file
// before a hello, both are gone or never were: it may ask again, and no child
// ever runs twice.

#ifndef MP_START_SERVE_H
#define MP_START_SERVE_H

#include <sys/types.h>

#define MP_FORKSERVER_MARK "--multiprocessing-forkserver"

// The descriptors of a request: the letter's memory, the child's end of its
// pair, the asker's working directory (or, where it cannot be opened, anything
// that is none), and then those of the letter.
enum { MP_REQUEST_MEMORY, MP_REQUEST_REPLY, MP_REQUEST_DIRECTORY,
       MP_REQUEST_LETTER };

// The answer to a request. With the pid comes a pidfd; or 0 and an errno, where
// the server could not fork.
typedef struct {
    pid_t pid;
    int error;
} mp_child_info;

// At the top of main in the image: serves until nobody can ask any more.
_Noreturn void mp_forkserver_serve(void);

#endif
