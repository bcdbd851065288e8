// byhand.h - a map without a pool: two workers that are forked once, and the
// least that takes chunks to them and squares back. What map.c holds the
// library against.
//
//     int64_t ns = byhand_pipe(&ordinary);   // items.h
//     ns = byhand_futex(&shared);
//     byhand_end();
//
// The items are cut as the pool cuts them, and who has nothing to do sleeps at
// once. Both return the time of one map in nanoseconds, or -1 with a sentence
// (error.h).

#ifndef BYHAND_H
#define BYHAND_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "items.h"

// Chunks go through a pipe, and squares come back through another: for arrays
// in ordinary memory, of which the workers have no part. Errors: EPIPE where a
// worker has died.
int64_t byhand_pipe(const items_arrays *a);

// The arrays are shared, and workers claim chunks by one counter. Nobody
// watches the workers: if one dies, this never returns.
int64_t byhand_futex(const items_arrays *a);

// Ends the workers, where there are any.
void byhand_end(void);

// ---- for both -------------------------------------------------------------

enum { BYHAND_WORKERS = 2, BYHAND_CHUNKS = 4 * BYHAND_WORKERS };

typedef struct {
    int64_t first, count;
} byhand_chunk;

// Chunk number `number`, from 0 on; it is empty where n is too small for it.
byhand_chunk byhand_cut(int64_t n, int64_t number);

// Returns whether all went well.
bool byhand_square(const int64_t *items, int64_t *results, int64_t count);

// Forks a worker, which ends when its parent does. Like fork(2), with a
// sentence.
pid_t byhand_fork(void);

// Ends one, and forgets it; 0 is none.
void byhand_kill(pid_t *worker);

void byhand_pipe_end(void);

#endif
