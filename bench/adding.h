// adding.h - the work of sum and of speedup: to add numbers, one after the
// other, alone, by processes, or by threads.
//
//     const adding_part halves[] = { { 0, 500 }, { 500, 1000 } };
//     int64_t ns = adding_by_processes(halves, 2);
//
// All return nanoseconds, or -1 with a sentence (error.h), also where a sum
// came out wrong.

#ifndef ADDING_H
#define ADDING_H

#include <stdint.h>

// from, from + 1, .. to - 1.
typedef struct {
    int64_t from;
    int64_t to;
} adding_part;

// One part after the other.
int64_t adding_alone(const adding_part *parts, int64_t count);

// A Process object for each part, from the first init to the last close.
int64_t adding_by_processes(const adding_part *parts, int64_t count);

// A thread for each part, in a process of their own: one that has had a thread
// forks more slowly for ever, and the processes would pay for it.
int64_t adding_by_threads(const adding_part *parts, int64_t count);

#endif
