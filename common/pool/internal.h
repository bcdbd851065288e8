// internal.h - what the files know that a pool is made of: pool.c (its life),
// workers.c (who works), map.c (tasks are taken), submit.c (and
// put on the board), async_result.c (what becomes of them). A program uses
// pool.h. One task passes through them so:
//
//     mp_pool_apply_with      one task is a list of one item
//     mp_pool_map_with        the next call and the last
//     mp_pool_map_async_with  new_result: its memory, its chunks
//     mp_pool_post            write_job, mp_board_post; hand_over: READY chunks
//     mp_board_work           in a worker: claim_any, run, count_over
//     mp_async_result_get     wait_for: mp_async_result_over; deliver_all

#ifndef MP_POOL_INTERNAL_H
#define MP_POOL_INTERNAL_H

#include <pthread.h>
#include <stdint.h>
#include <sys/types.h>

#include "pool/board.h"
#include "pool/pool.h"

enum mp_pool_state { MP_POOL_RUN, MP_POOL_CLOSED, MP_POOL_TERMINATED,
                     MP_POOL_JOINED };

// So much that a wake-up is worth while, and so little that the caches still
// hold what was copied when a worker comes to it.
enum { MP_POOL_BATCH = 256 * 1024 };

// What a worker is told, and what it tells: in shared memory.
typedef struct {
    _Atomic mp_serial may_run;  // the worker that may begin; a futex. Set when
                              // its start has succeeded: a fork may be undone
    _Atomic mp_serial running;  // the last worker that has begun to work here
} mp_pool_cell;

typedef struct {
    mp_process process;
    mp_serial serial;  // its number on the board; 0: there is no worker here
} mp_pool_worker;

struct mp_pool {
    // Set at construction.
    pid_t creator;
    int size;                   // workers
    const mp_context *context;
    mp_board *board;            // in shared memory, as the next three
    void *board_block;          // what is to be freed
    mp_chunk *rows;             // a ring, for jobs of several chunks
    mp_pool_cell *cells;        // one for each worker
    uint32_t rows_size;         // chunks
    size_t batch;             // bytes that are copied at a time, about
    uint32_t cpus;              // usable ones

    // The program, each join, and each result that is not freed: a thread that
    // waits may look at the pool for a moment longer than there is a pool.
    _Atomic uint32_t holders;

    // Says terminate before it asks for the lock: who has it makes haste.
    _Atomic bool terminating;

    // Protected by the lock.
    pthread_mutex_t lock;
    enum mp_pool_state state;
    mp_pool_worker *workers;
    mp_serial last_serial;
    int failed_starts;              // so many in a row ended before they began
    double looked;              // when we last looked after them (base/clock.h)
    uint64_t posted;            // jobs so far: the number of the last one
    uint32_t rows_end;          // of the last row that was taken
    mp_async_result *first, *last;  // jobs that are not over, oldest first
    const mp_async_result *longest_waiting;  // for room; is served first
};

struct mp_async_result {
    // Set at construction, and when it is posted.
    size_t item_size, result_size, count, chunksize;
    uint32_t chunks;
    mp_task function;
    mp_function place;          // of the function, for workers in new images
    char *items, *results;      // in shared memory
    const char *source;         // where items are copied from
    void *target;               // where get puts results by itself, or NULL
    uint32_t batch;           // so many chunks are copied at a time
    bool owns_items, owns_results;
    mp_pool *home;              // the pool, also once it is over
    uint64_t number;            // of the job
    mp_chunk *row;

    // NULL once it is over. What is above is read without the lock then.
    mp_pool *_Atomic pool;

    // Protected by the pool's lock.
    mp_async_result *next, *previous;
    uint32_t seen;              // so many chunks, from the first on, are over
    bool freed;                 // by the program, before it was over
    mp_pool_failure *failures;
    int failed, room;           // how many; for how many there is room
    mp_pool_failure all;        // the only one, if there is no memory for more
};

// ---- in pool.c ------------------------------------------------------------

// No thread is cancelled in between.
void mp_pool_lock(mp_pool *pool);
void mp_pool_unlock(mp_pool *pool);

// Fails with EPERM in another process than the pool's creator.
int mp_pool_check_creator(const mp_pool *pool);

// One holder less. The last one frees it.
void mp_pool_drop_reference(mp_pool *pool);

// ---- in workers.c ----------------------------------------------------
// Call these with the lock held.

// Starts a worker with a new serial at this place, where there is none.
int mp_pool_start_worker(mp_pool *pool, int index);

// The worker is dead: its chunks become `state`, and it leaves its place. Which
// chunks they are their words say, at whatever instant it died.
void mp_pool_fail_lost_worker(mp_pool *pool, int index, int state);

// Looks after the workers, if the last look is a while ago. Fails where no
// worker is left, and none can be started.
int mp_pool_check_workers(mp_pool *pool);

// ---- in submit.c -------------------------------------------------------

// Call with the lock held, which it releases while it waits for room, and while
// it copies items. Errors: EINVAL "Pool not running"; as mp_pool_check_workers.
int mp_pool_post(mp_pool *pool, mp_async_result *result);

// ---- in async_result.c ----------------------------------------------------

// Call with the lock held. Whether the job is over; if it is, it leaves the
// list of the pool.
bool mp_async_result_over(mp_async_result *result);

// Frees one that is not in the list.
void mp_async_result_destroy(mp_async_result *result);

#endif
