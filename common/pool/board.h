// board.h - the job board of a pool: who does what, in shared memory.
//
// A job is what one call on the pool hands in: one function and a row of chunks
// of items. Its parts lie in the arena (shm.h), and so does the board,
// which has a ring of places for jobs. The parent posts jobs; workers claim
// chunks, run them, and say so. Nobody holds a lock, and nobody waits for
// somebody who may be dead.
//
// **A chunk's word is the only truth about it.** It has 64 bits: the number of
// its job, the number of the worker that has it, and its state:
//
//     PENDING --parent--> READY --claim, by a worker--> CLAIMED
//                                                      |
//     DONE or FAILED <-----------by the same one-------'
//     LOST      <--parent-- CLAIMED: its worker is dead
//     CANCELED  <--parent-- PENDING, READY or CLAIMED: the pool was terminated
//
// One compare-and-swap claims a chunk and names its owner, so at every instant
// the parent can tell which chunks a dead worker had. PENDING is a chunk whose
// items are not all there yet. What was claimed never becomes READY again.
// Hence two bounds, which make a worker's search short, hold at every instant
// as well, wherever anybody is killed or stopped. No job before the board's
// `first` has a PENDING or READY chunk; in a job, no chunk before its `cursor`
// is PENDING or READY. All other counters only say whom to wake, and may be
// wrong: the parent looks at the words anyway, every MP_POOL_BEAT (pool.h).
//
// To put a process to sleep and to wake it on another CPU takes far longer than
// a small task. So who has nothing to do first looks on: it reads the count
// that it waits for (base/futex.h) again and again, MP_BOARD_SPINS times. That
// takes about as long as a sleep and a wake-up: in vain, it wastes about what
// it could have won, and no more. Of idle workers one looks on, while the
// parent is awake, and the others sleep.
//
// A job's number is in every word, cursor and counter of it. A worker that was
// stopped for long and still believes in an old job finds another number, and
// its compare-and-swap fails.

#ifndef MP_POOL_BOARD_H
#define MP_POOL_BOARD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/futex.h"
#include "start/function.h"

// A task: computes `result` from `arg`, and returns 0, or else an error.
typedef int (*mp_task)(const void *arg, void *result);

// ---- one chunk ------------------------------------------------------------

enum { MP_CHUNK_PENDING = 1, MP_CHUNK_READY, MP_CHUNK_CLAIMED,  // not over
       MP_CHUNK_DONE, MP_CHUNK_FAILED, MP_CHUNK_LOST, MP_CHUNK_CANCELED };

// Beside the word stands why it failed, written before it. FAILED: which item
// of the job, and what its task returned. LOST: the worker's pid and exit code.
typedef struct {
    _Atomic uint64_t word;  // job 32 bits, worker 28, state 4
    uint32_t who;
    int32_t status;
} mp_chunk;

// A worker's number: from 1 on, new for each process that is started.
typedef uint32_t mp_serial;
#define MP_SERIAL_MOST ((UINT32_C(1) << 28) - 1)
#define MP_NOBODY 0                     // in the words of chunks nobody has
#define MP_ANYBODY (MP_SERIAL_MOST + 1)

static inline uint64_t mp_chunk_word(uint32_t job, mp_serial worker, int state)
{
    return (uint64_t)job << 32 | (uint64_t)worker << 4 | (unsigned)state;
}

static inline int mp_chunk_state(uint64_t word)
{
    return (int)(word & 15);
}

static inline mp_serial mp_chunk_worker(uint64_t word)
{
    return (mp_serial)(word >> 4) & MP_SERIAL_MOST;
}

// ---- one job --------------------------------------------------------------

typedef struct {
    // Read by anybody at any time; `number` before and after the other two.
    _Atomic uint32_t number;           // of the job that stands here; 0: none
    _Atomic uint32_t chunks;
    mp_chunk *_Atomic row;

    // Its number in the upper half. The first chunk that may be PENDING or
    // READY; how many chunks are over, which is a hint.
    _Atomic uint64_t cursor;
    _Atomic uint64_t over;

    // Written before the job is posted, read by who has claimed a chunk: until
    // that one is over, the place goes to no other job.
    mp_task function;      // its address in the parent and its copies (fork)
    mp_function place;     // where a new image finds it; module 0: no need
    const char *items;     // in the arena, as all that follows
    char *results;
    uint32_t item_size, result_size;   // bytes
    uint32_t count, chunksize;         // items
    uint32_t tell_every;               // news after so many chunks, and at last
    mp_chunk only;                     // the row of a job of one chunk
} mp_job;

// ---- the board ------------------------------------------------------------

// As many jobs may be posted and not over at once. A power of two.
enum { MP_BOARD_JOBS = 1 << 16 };

// Some 20 to 100 microseconds, as processors differ.
enum { MP_BOARD_SPINS = 2000 };

typedef struct {
    _Alignas(64) _Atomic uint64_t posted;  // the number of jobs ever posted
    _Atomic uint64_t first;    // no job before it has a PENDING or READY chunk
    _Alignas(64) mp_eventcount work;  // there is more
    _Atomic mp_serial spinner;  // the idle worker that spins; 0: none; a hint
    uint32_t spins;            // so often, before it sleeps
    _Alignas(64) mp_eventcount completions;  // a job, or chunks of it
    _Atomic uint32_t closed;   // workers end when there is no more work
    _Alignas(64) mp_job jobs[MP_BOARD_JOBS];
} mp_board;

// In the parent: where the job with this number stands, or is to be written.
mp_job *mp_board_job(mp_board *board, uint64_t number);

// In the parent: from now on the job, whose fields are written, stands on the
// board, its chunks PENDING. Then so many of them, from `first` on, become
// READY, and so many sleeping workers are woken at most. Call it for all
// chunks, in order, and at last with as many as have something to do.
void mp_board_post(mp_board *board, uint64_t number, mp_chunk *row,
                   uint32_t chunks);
void mp_board_release(mp_board *board, mp_job *job, uint32_t first,
                      uint32_t chunks, uint32_t workers);

// In the parent: wakes all workers, to look again; and all who wait for news.
void mp_board_wake_all(mp_board *board);
void mp_board_tell_completion(mp_board *board);

// In the parent: waits until the count of `news` is not `seen`, or for so many
// seconds. What takes a `moment` only is worth looking on for, as workers do.
void mp_board_wait(mp_board *board, uint32_t seen, double seconds, bool moment);

// In the parent: what this worker has CLAIMED becomes `state`; for MP_NOBODY
// what is PENDING or READY; for MP_ANYBODY both. Says whose end it was: a pid,
// and its exit code.
void mp_board_fail_chunks(mp_job *job, mp_serial worker, int state, pid_t pid,
                      int exitcode);

// In a worker: runs chunks until the board is closed and nothing is left.
void mp_board_work(mp_board *board, mp_serial worker);

#endif
