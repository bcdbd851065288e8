// adding.h - sums of numbers, by one process, by many, or by threads.

#ifndef ADDING_H
#define ADDING_H

#include <stdint.h>

// The numbers from `from` to before `to`.
typedef struct {
    int64_t from, to;
} adding_part;

// Adds up all parts: in turn, or by one process or one thread for each. The
// sums are checked. Returns nanoseconds, the starts and joins included.
enum { ADDING_MOST = 2048 };  // parts
enum { ADDING_ALONE, ADDING_PROCESSES, ADDING_THREADS };
int64_t adding(int how, const adding_part *parts, int64_t count);

#endif
