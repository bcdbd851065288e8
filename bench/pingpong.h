// pingpong.h - two processes that take turns: the one asks for the square of a
// number, the other answers. What a pool does for one task, without a pool.
//
//     int64_t ns = pingpong_futex(1000);
//
// The other process is forked for it and ends with it. Both may run on every
// CPU that the caller may use, as parent and workers of a pool may, and the
// kernel chooses. Every answer is checked.
//
// All return the mean over n round trips in nanoseconds, or -1 with a sentence
// (error.h).

#ifndef PINGPONG_H
#define PINGPONG_H

#include <stdint.h>

// Shared memory and futex(2): who has nothing to do sleeps at once. The least
// that Linux asks for.
int64_t pingpong_futex(int64_t n);

// The same, with the two processes kept apart, on the first and on the last of
// these CPUs; where that is one CPU, they share it. Or both on the last.
int64_t pingpong_futex_apart(int64_t n);
int64_t pingpong_futex_together(int64_t n);

// Two pipes, a number through one and its square through the other.
int64_t pingpong_pipe(int64_t n);

#endif
