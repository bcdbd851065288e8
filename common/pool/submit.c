#include "base/platform.h"

#include "pool/pool.h"

#include <string.h>

#include "base/error.h"
#include "pool/internal.h"

// ---- room on the board ----------------------------------------------------

// The board knows the lower half of a number, where 0 says "none".
static uint64_t next_number(const mp_pool *pool)
{
    uint64_t next = pool->posted + 1;
    return (uint32_t)next != 0 ? next : next + 1;
}

// The place on the board is free once the job that had it is over.
static bool place_is_free(const mp_pool *pool)
{
    return pool->first == NULL ||
           next_number(pool) - pool->first->number < MP_BOARD_JOBS;
}

// A row of chunks from the ring, or NULL if there is no room. In the ring rows
// stand in the order of their jobs; the oldest that is not over ends the room.
static mp_chunk *find_row(const mp_pool *pool, uint32_t chunks)
{
    const mp_async_result *oldest = pool->first;
    while (oldest != NULL && oldest->chunks == 1) {
        oldest = oldest->next;
    }
    uint32_t end = pool->rows_end;
    if (oldest == NULL) {
        return chunks <= pool->rows_size ? pool->rows : NULL;
    }
    uint32_t begin = (uint32_t)(oldest->row - pool->rows);
    if (end > begin && pool->rows_size - end >= chunks) {
        return pool->rows + end;
    }
    if (end > begin) {
        end = 0;  // begins anew
    }
    return begin - end > chunks ? pool->rows + end : NULL;
}

// Who waits for room is served before who comes later: else small jobs would
// overtake a large one for ever.
static bool find_room(mp_pool *pool, mp_async_result *result)
{
    if (pool->longest_waiting != NULL && pool->longest_waiting != result) {
        return false;
    }
    if (result->chunks > 1) {
        result->row = find_row(pool, result->chunks);
    }
    bool found = place_is_free(pool) &&
                 (result->chunks == 1 || result->row != NULL);
    pool->longest_waiting = found ? NULL : result;
    return found;
}

// Call with the lock held, which it releases while it waits. Fails where the
// pool takes no tasks.
static int wait_for_room(mp_pool *pool, mp_async_result *result)
{
    pool->failed_starts = 0;
    for (;;) {
        uint32_t seen = mp_eventcount_read(&pool->board->completions);
        if (pool->state != MP_POOL_RUN) {
            return mp_fail(EINVAL, "Pool not running");
        }
        if (mp_pool_check_workers(pool) == -1) {
            return -1;
        }
        if (find_room(pool, result)) {
            return 0;
        }
        if (pool->first == NULL || !mp_async_result_over(pool->first)) {
            mp_pool_unlock(pool);
            mp_board_wait(pool->board, seen, MP_POOL_BEAT, false);
            mp_pool_lock(pool);
        }
    }
}

// ---- posting --------------------------------------------------------------

static void write_job(mp_pool *pool, mp_async_result *result)
{
    mp_job *job = mp_board_job(pool->board, result->number);
    atomic_store(&job->number, 0);
    job->function = result->function;
    job->place = result->place;
    job->items = result->items;
    job->results = result->results;
    job->item_size = (uint32_t)result->item_size;
    job->result_size = (uint32_t)result->result_size;
    job->count = (uint32_t)result->count;
    job->chunksize = (uint32_t)result->chunksize;
    job->tell_every = result->owns_results ? result->batch : result->chunks;
    if (result->chunks == 1) {
        result->row = &job->only;
    } else {
        pool->rows_end = (uint32_t)(result->row - pool->rows) + result->chunks;
    }
}

static void append(mp_pool *pool, mp_async_result *result)
{
    result->previous = pool->last;
    if (pool->last != NULL) {
        pool->last->next = result;
    } else {
        pool->first = result;
    }
    pool->last = result;
}

// The first chunk behind this batch. Where nothing is copied there is one.
static uint32_t batch_end(const mp_async_result *result, uint32_t first)
{
    uint32_t left = result->chunks - first;
    bool all = !result->owns_items || left < result->batch;
    return first + (all ? left : result->batch);
}

static void copy_items(const mp_async_result *result, uint32_t first,
                       uint32_t end)
{
    size_t chunk = result->chunksize * result->item_size;
    size_t all = result->count * result->item_size;
    size_t from = first * chunk, to = end < result->chunks ? end * chunk : all;
    if (result->owns_items && from < to) {
        memcpy(result->items + from, result->source + from, to - from);
    }
}

// While we copy we need a CPU ourselves: until the last batch is there, no
// more workers are woken than have another one. How many sleep is a hint.
static uint32_t workers_to_wake(const mp_pool *pool,
                                const mp_async_result *result, uint32_t end)
{
    if (end == result->chunks) {
        return result->chunks;
    }
    uint32_t asleep = atomic_load(&pool->board->work.sleepers);
    uint32_t size = (uint32_t)pool->size;
    uint32_t awake = asleep < size ? size - asleep : 0;
    return awake + 1 < pool->cpus ? pool->cpus - 1 - awake : 0;
}

// Copies the items and lets workers have them, batch after batch: they work
// on the first while we copy the next. The lock is held but while we copy; a
// pool that was terminated meanwhile has canceled what is PENDING.
static void hand_over(mp_pool *pool, mp_async_result *result)
{
    mp_job *job = mp_board_job(pool->board, result->number);
    for (uint32_t first = 0, end; first < result->chunks; first = end) {
        end = batch_end(result, first);
        mp_pool_unlock(pool);
        copy_items(result, first, end);
        mp_pool_lock(pool);
        if (atomic_load(&result->pool) == NULL) {
            return;
        }
        mp_board_release(pool->board, job, first, end - first,
                         workers_to_wake(pool, result, end));
    }
}

int mp_pool_post(mp_pool *pool, mp_async_result *result)
{
    if (wait_for_room(pool, result) == -1) {
        if (pool->longest_waiting == result) {
            pool->longest_waiting = NULL;
        }
        return -1;
    }
    result->number = pool->posted = next_number(pool);
    write_job(pool, result);
    append(pool, result);
    mp_board_post(pool->board, result->number, result->row, result->chunks);
    hand_over(pool, result);
    return 0;
}
