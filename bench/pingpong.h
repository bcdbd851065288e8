// pingpong.h - two processes that take turns: the one asks for the square of a
// number, the other answers. What a pool does for one task, without a pool.
//
//     int64_t ns = pingpong_futex(PLACE_APART, 1000);
//
// The other process is forked for it and ends with it; place.h says where the
// two run. Every answer is checked. Both return the mean over n round trips in
// nanoseconds, or -1 with a sentence (error.h).

#ifndef PINGPONG_H
#define PINGPONG_H

#include <stdint.h>

#include "place.h"

// Shared memory and futex(2): who has nothing to do sleeps at once. The least
// that Linux asks for.
int64_t pingpong_futex(place where, int64_t n);

// Two pipes, a number through one and its square through the other.
int64_t pingpong_pipe(place where, int64_t n);

#endif
