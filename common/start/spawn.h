// spawn.h - the start method "spawn": the child begins as a new image of this
// program, and knows what its parent has left for it (spawn_data.h). Python:
// popen_spawn_posix.Popen.
//
// It has nothing of ours but the standard descriptors, those passed on purpose
// (MP_PASS_FDS), the environment, the working directory, and which signals are
// ignored: no memory, no locks, no threads. (Other descriptors that are not
// close-on-exec are there until mp_main closes them.) What it costs does not
// depend on how much memory we use.
//
//     parent                          child
//     ------------------------------  ------------------------------
//     mp_spawn_data_new
//     posix_spawn("/proc/self/exe")   constructors, main
//     start returns                   mp_main: mp_spawn_begin
//                                     mp_spawn_data_open
//                                     run, target, exit
//
// A set-user-ID program has rights that its user does not have. A new image
// would have these rights, too, and obey a command line that the user can
// write. So in such a program (getauxval(3), AT_SECURE) spawn and forkserver
// are refused.

#ifndef MP_START_SPAWN_H
#define MP_START_SPAWN_H

#include "process/process.h"

extern const mp_context mp_start_spawn;

// ---- for the library itself -----------------------------------------------

// Whether this process is a new image that a start method has made. It is known
// before main.
bool mp_spawn_is_image(void);

// Called at the top of main. In a new image it does what the image is for, and
// does not return.
void mp_spawn_begin(int argc, char **argv);

// Prints the sentence of mp_error, and ends the image with MP_EXIT_UNKNOWN.
_Noreturn void mp_spawn_fail(void);

#endif
