// ways.h - the ways to have somebody else do nothing: one process or thread,
// started and waited for.
//
//     int main(int argc, char **argv)
//     {
//         if (ways_is_nothing(argc, argv)) {
//             return 0;
//         }
//         return bench_main(argc, argv, &question);
//     }
//     ... int64_t ns = ways_mean(ways_fork, 20);
//
// Each returns 0, or -1 with a sentence (error.h), also where the other did not
// end with status 0.

#ifndef WAYS_H
#define WAYS_H

#include <stdbool.h>
#include <stdint.h>

// ---- by hand --------------------------------------------------------------

int ways_fork(void);         // fork, _exit, waitpid
int ways_vfork(void);        // the child borrows our memory, and we wait for it
int ways_posix_spawn(void);  // a new image of this program, which ends at once
int ways_thread(void);       // pthread_create, pthread_join

// Whether this image is one of ways_posix_spawn's: then main must return 0,
// before anything else, so that what is measured is the image and no work of
// ours. It is the same file as a spawned child of the library is, so that the
// kernel and the dynamic linker have the same to do for both.
bool ways_is_nothing(int argc, char **argv);

// ---- by the library -------------------------------------------------------

// An object from init to close, by that start method. The forkserver itself is
// started by the first call.
int ways_mp_fork(void);
int ways_mp_spawn(void);
int ways_mp_forkserver(void);

// ---- the clock ------------------------------------------------------------

// The mean over n calls, one after the other, in nanoseconds; -1 if one fails.
int64_t ways_mean(int (*way)(void), int64_t n);

// The same in a process of its own, forked for it, after one call that is not
// counted: for a way that leaves something behind which others would pay for.
int64_t ways_mean_apart(int (*way)(void), int64_t n);

// The mean over as many calls as begin within `least` nanoseconds; at least
// over one.
int64_t ways_mean_for(int (*way)(void), int64_t least);

#endif
