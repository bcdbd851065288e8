// board.h - the job board of a pool: shared memory that says who does what.
//
// A job is what one call on the pool submits: one function, and a row of chunks
// of items. The board is a ring of slots for jobs, in the arena (shm.h), as the
// items, the results and the rows are. The parent posts jobs. Workers claim
// chunks and run them. No lock is shared that a dead process could hold.
//
// **A chunk's word is the only truth about it.** It has 64 bits: the number of
// its job, the serial number of the worker that has it, and its state:
//
//     PENDING --parent--> READY --a worker claims it--> CLAIMED
//     CLAIMED --the same worker--> DONE or FAILED
//     CLAIMED --parent, when that worker is dead--> LOST
//     PENDING, READY or CLAIMED --parent gives up--> CANCELED
//
// One item, from map to get:
//
//     parent                                  a worker
//     copies the items of the chunk
//     PENDING -> READY; advances `work`  -->  finds the chunk: READY -> CLAIMED
//                                             calls the function for each item
//     `completions` has changed: reads   <--  CLAIMED -> DONE; advances
//     the words, copies the results           `completions`, now and then
//
// One compare-and-swap claims a chunk and names its owner. So when a worker
// dies, at whatever instant, the parent reads from the words which chunks it
// had: they become LOST, and get reports their items. No other is touched.
//
// Two bounds make a worker's search short. No job before the board's `first`
// has a PENDING or READY chunk, and no chunk before a job's `cursor` is either.
// Both hold at every instant, also when a process is killed or stopped.
// How many chunks are over, and which worker is warm, are hints: if they are
// wrong, a wake-up is missing. So the parent reads the words anyway, every
// MP_POOL_BEAT seconds (pool.h).
//
// To sleep and to be woken takes far longer than a small task. So a worker that
// finds nothing first spins: it reads the count that it waits for
// (base/futex.h) MP_BOARD_SPINS times. Only one idle worker does so, while the
// parent is awake: the one that worked last, whose caches are warm. It is also
// the next to be woken.
//
// A worker that was stopped (SIGSTOP) for long may still believe in an old job.
// It finds another job's number in the word, and its compare-and-swap fails.

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

// The first three are the states of a chunk that is not over.
enum { MP_CHUNK_PENDING = 1, MP_CHUNK_READY, MP_CHUNK_CLAIMED,
       MP_CHUNK_DONE, MP_CHUNK_FAILED, MP_CHUNK_LOST, MP_CHUNK_CANCELED };

// The fields beside the word say why the chunk is not DONE, and are written
// before the word. FAILED: which item of the job, and what its task returned.
// LOST: the worker's pid and exit code.
typedef struct {
    _Atomic uint64_t word;  // job 32 bits, worker 28, state 4
    uint32_t who;
    int32_t status;
} mp_chunk;

// A worker's serial number: from 1 on, new for each process that is started.
typedef uint32_t mp_serial;
#define MP_SERIAL_MOST ((UINT32_C(1) << 28) - 1)
#define MP_NOBODY 0  // in the words of chunks nobody has

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

// What a worker has to know to do it.
typedef struct {
    mp_task function;       // its address in the parent and its copies (fork)
    mp_function reference;  // for workers in new images; module 0: for none
    char *items, *results;  // in the arena
    uint32_t item_size, result_size;   // bytes
    uint32_t count, chunksize;         // items
    uint32_t notify_every;             // chunks, until `completions` advances
} mp_job_data;

// A slot of the board.
typedef struct {
    // Read by any process at any time. A reader reads `number` before the other
    // two and once more after them.
    _Atomic uint32_t number;           // of the job, its lower 32 bits
    _Atomic uint32_t chunks;
    mp_chunk *_Atomic row;

    // Both have that number in their upper 32 bits. The first chunk that may
    // be PENDING or READY; and how many chunks are over, which is a hint.
    _Atomic uint64_t cursor;
    _Atomic uint64_t over;

    // Written before the job is posted. A worker that has claimed a chunk reads
    // it: until that chunk is over, no other job gets the slot.
    mp_job_data data;
    mp_chunk only;          // the row of a job of one chunk
} mp_job;

// ---- the board ------------------------------------------------------------

// The most jobs (a power of two), chunks and workers. The spins take some 20 to
// 100 microseconds, as processors differ.
enum { MP_BOARD_JOBS = 1 << 16, MP_BOARD_CHUNKS = (1 << 20) - 4,
       MP_BOARD_WORKERS = 4096, MP_BOARD_SPINS = 2000 };

typedef struct {
    _Alignas(64) _Atomic uint64_t posted;  // the number of jobs ever posted
    _Atomic uint64_t first;    // no job before it has a PENDING or READY chunk
    _Alignas(64) mp_eventcount work;  // advanced when there is more to do
    _Atomic mp_serial warm;    // the warm worker, and whether it sleeps
    uint32_t spins;            // how often a process reads before it sleeps
    _Alignas(64) mp_eventcount completions;  // advanced when chunks are over
    _Atomic uint32_t closed;   // workers end when there is no more work
    _Atomic mp_serial begun[MP_BOARD_WORKERS];  // the last at each index
    int maxtasks;              // a worker runs so many chunks; 0: any number
    int (*initializer)(const void *args);
    mp_function reference;     // to it, as in mp_job_data
    _Alignas(64) mp_job jobs[MP_BOARD_JOBS];
    mp_chunk rows[MP_BOARD_CHUNKS];
    _Alignas(max_align_t) char initargs[];
} mp_board;

static inline mp_job *mp_board_job(mp_board *board, uint64_t number)
{
    return &board->jobs[number % MP_BOARD_JOBS];
}

// In the parent: posts the job whose data is written. Its chunks are PENDING.
void mp_board_post(mp_board *board, uint64_t number, mp_chunk *row,
                   uint32_t chunks);

// In the parent: makes so many chunks READY, in order, and wakes as many
// sleeping workers at most.
void mp_board_release(mp_board *board, mp_job *job, uint32_t first,
                      uint32_t chunks);

// Wakes so many workers at most, which search again; and wakes all threads of
// the parent that wait for completions.
void mp_board_notify_work(mp_board *board, uint32_t workers);
void mp_board_notify_completion(mp_board *board);

// The worker is dead, or has work: it is no longer the warm one.
void mp_board_forget_worker(mp_board *board, mp_serial worker);

// In the parent: each chunk that this dead worker has CLAIMED becomes `state`,
// and for MP_NOBODY each PENDING or READY chunk.
void mp_board_fail_chunks(mp_job *job, mp_serial worker, int state, pid_t pid,
                          int exitcode);

// In a worker: runs chunks, until it has run `maxtasks`, or the board is closed
// and nothing is left.
void mp_board_work(mp_board *board, mp_serial worker);

#endif
