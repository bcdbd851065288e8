// internal.h - what the files of this folder share. A program uses pool.h. One
// call of mp_pool_map passes through them so:
//
//     mp_pool_map_with        map.c: mp_pool_new_result takes memory
//     mp_pool_submit          submit.c: post, mp_board_post; post_batches
//     mp_board_work           board.c, in a worker: claim_any, run, count_over
//     mp_async_result_get     async_result.c: wait_for; deliver_all

#ifndef MP_POOL_INTERNAL_H
#define MP_POOL_INTERNAL_H

#include <pthread.h>
#include <stdint.h>
#include <sys/types.h>

#include "pool/board.h"
#include "pool/pool.h"

enum mp_pool_state { MP_POOL_RUN, MP_POOL_CLOSED, MP_POOL_TERMINATED,
                     MP_POOL_JOINED };

// Items are copied about so many bytes at a time: enough to be worth a wake-up,
// few enough to stay in the caches.
enum { MP_POOL_BATCH = 256 * 1024 };

typedef struct {
    mp_process process;
    mp_serial serial;  // its number on the board; 0: there is no worker here
} mp_pool_worker;

struct mp_pool {
    // Set at construction.
    pid_t creator;
    int size;                   // workers
    const mp_context *context;
    mp_board *board;            // in shared memory
    size_t batch;               // bytes

    // Protected by the lock.
    pthread_mutex_t lock;
    enum mp_pool_state state;
    mp_serial last_serial;
    int failed_starts;          // so many in a row ended before they began,
    int failed_exitcode;        // the last one with this
    double checked;             // when the workers were last checked
    uint64_t first;             // the board's, at that time
    uint64_t posted;            // jobs so far: the number of the last one
    uint32_t rows_end;          // of the last row that was taken
    mp_async_result *oldest;    // the list of jobs that are not over
    mp_async_result **end;      // the newest one's `next`
    mp_async_result *due;       // the list of those whose callback has to run
    mp_async_result **due_end;
    bool calling;               // a thread runs one
    mp_pool_worker workers[];
};

struct mp_async_result {
    // Set at construction, and when the job is posted.
    mp_pool *pool;
    mp_job_data data;
    const char *source;         // where items are copied from
    void *target;               // where get puts results by itself, or NULL
    mp_callback callback, error_callback;
    void *callback_arg;
    bool owns_items, owns_results;
    bool after_close;           // the pool may be closed: an iterator's
    size_t base;                // an iterator's: the number of its first item
    uint32_t chunks;
    uint32_t batch;             // so many chunks are copied at a time; 0: none
    uint64_t number;            // of the job
    mp_chunk *row;

    // Once it is over, with no callback due or running, no field changes, and
    // the pool is not needed.
    _Atomic bool over;
    _Atomic mp_callback due;

    // Protected by the pool's lock.
    mp_async_result *next, **link;  // in the list, and what points to it
    uint32_t chunks_over;       // so many, from the first on
    bool freed;                 // by the program, before the job was over
    int failed;
    mp_pool_failure failures[];  // room for one of each chunk
};

// ---- workers.c ------------------------------------------------------------

// EPERM in another process than the pool's creator.
int mp_pool_lock(mp_pool *pool);

// First runs the callbacks of jobs that are posted, unless a thread does so
// already. Leaves errno and mp_error() as they are.
void mp_pool_unlock(mp_pool *pool);

// Frees one that is not in the list. errno stays as it is.
void mp_async_result_destroy(mp_async_result *result);

// Call all these with the lock held. Whether the job is over: reads its words,
// notes failures, and takes a job that is over from the list.
bool mp_async_result_check(mp_async_result *result);

// A worker that is a new image needs a reference to a function.
int mp_pool_find_function(const mp_pool *pool, mp_function_pointer function,
                          mp_function *reference);

// Starts a worker with a new serial number at this index, where there is none.
int mp_pool_start_worker(mp_pool *pool, int index);

// The worker is dead: the chunks that it had become `state`. Nobody is at its
// index then.
void mp_pool_fail_lost_worker(mp_pool *pool, int index, int state);

// Replaces dead workers, if the last check is a while ago. Fails where none is
// left, and none can be started.
int mp_pool_check_workers(mp_pool *pool);

// ---- submit.c, async_result.c, map.c: without the lock --------------------

// Blocks until there is space on the board, copies the items and posts the job.
// Errors: EINVAL "Pool not running"; as mp_pool_check_workers.
int mp_pool_submit(mp_pool *pool, mp_async_result *result);

// As mp_async_result_wait, for one of several, which then is the first.
int mp_async_result_wait_any(mp_async_result **results, size_t count,
                             double timeout);

// Fails as the task did, a single one or an item of a list.
int mp_pool_fail_as(const mp_pool_failure *failure, bool single);

// One that is not submitted. NULL on failure.
mp_async_result *mp_pool_new_result(mp_pool *pool, const mp_pool_tasks *tasks);

#endif
