// context.h - the three start methods, which of them is used, and the top of
// main. Python: multiprocessing.context, and `if __name__ == '__main__':`.
// Lesson 11. The files of this folder, in reading order: context.h; launch.h
// (what all methods do); fork.h; for children that are no copies, function.h
// and spawn_data.h (what they are told), spawn.h, and then serve.h (what a fork
// server does), pass_fds.h and forkserver.h (what its client does).
//
//     int main(int argc, char **argv)
//     {
//         mp_main(argc, argv);
//         mp_set_start_method("spawn", false);       // for all processes
//         mp_process_init(&p, .target = hello);
//         mp_process_init(&q, .target = hello,       // for one
//                         .context = mp_get_context("forkserver"));
//
// fork: the child is a copy of this process. spawn: a new image of the program.
// forkserver: a copy of a new image. fork is the default, as in Python until
// 3.13.

#ifndef MP_START_CONTEXT_H
#define MP_START_CONTEXT_H

#include <stdbool.h>

#include "process/process.h"

// Call it first in main. Spawn and forkserver make a new image of the program,
// which begins at the top of main as well: there this call does
// what the child is to do, and does not return. All that stands below it runs
// in the main process alone. (Python runs the main module again in each child,
// and needs the guard.) A program that never makes this call cannot start a
// process under these two. What stands above it is run by each image. There
// argv is not the program's, and descriptors of the parent may be open that
// this call closes: so read argv below it. The call also registers the exit
// handler that joins the children. Handlers that the program registers later
// run before that one. A second call does nothing.
void mp_main(int argc, char **argv);

// The environment variable that names the default start method of a program
// which chooses none: MP_START_METHOD=spawn make lesson-4.
#define MP_START_METHOD_VARIABLE "MP_START_METHOD"

// Chooses the default start method, once: EINVAL "context has already been set"
// if it is chosen or was used already, unless `force`. In a child the default
// is the method by which the child was started. NULL takes the choice back, as
// Python's None, and needs `force`. Call it while no other thread starts one.
int mp_set_start_method(const char *method, bool force);

// The default start method; asking fixes it, as if it had been chosen. With
// `allow_none` it fixes nothing, and is NULL as long as none is chosen. NULL
// with EINVAL also where MP_START_METHOD names no start method.
const char *mp_get_start_method(bool allow_none);

// All there are, the default first; the list ends with NULL.
const char *const *mp_get_all_start_methods(void);

// The start method of that name, for .context of mp_process_init; with NULL the
// default one, which is fixed by it. A static object. Its processes are called
// SpawnProcess-1, not Process-1. Never NULL: an unknown name gives an object
// that mp_process_init refuses with EINVAL.
const mp_context *mp_get_context(const char *method);

#endif
