// spawn.h - the start method "spawn": the child begins as a new image of
// this program, and knows what its letter says (spawn_data.h). Python:
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
//     mp_spawn_data_write
//     posix_spawn("/proc/self/exe")   constructors, main
//     start returns                   mp_main: mp_spawn_run
//                                     mp_spawn_data_open
//                                     run, target, exit

#ifndef MP_START_SPAWN_H
#define MP_START_SPAWN_H

#include "process/process.h"

extern const mp_context mp_start_spawn;

// ---- for the library's own rooms ------------------------------------------

// The only argument on a child's command line, for people who look at ps.
#define MP_SPAWN_MARK "--multiprocessing-spawn"

// The descriptor under which a new image finds what it was given.
#define MP_SPAWN_FD 3

// Called at the top of main, with its argv[0]; not in a new image.
void mp_spawn_begin(const char *program);

// Whether this process is a new image that this room, or its like, has made.
// It is known before main.
bool mp_spawn_is_image(void);

// Starts a new image of this program, also if its file was deleted: its command
// line is `mark`, its descriptor MP_SPAWN_FD is our `fd`, and it has our `kept`
// under the same numbers. Fast, since it copies no page table (posix_spawn(3)).
// Returns its pid, or -1.
pid_t mp_spawn_image(const char *mark, int fd, const int *kept, int count);

// At the top of main in a new image: opens the letter, and runs.
_Noreturn void mp_spawn_run(void);

#endif
