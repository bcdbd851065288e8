#include "base/platform.h"

#include "pool/internal.h"

#include <string.h>

#include "base/error.h"

// ---- space on the board ---------------------------------------------------

// A slot is free once the job that had it is over.
static bool slot_is_free(const mp_pool *pool)
{
    return pool->oldest == NULL ||
           pool->posted + 1 - pool->oldest->number < MP_BOARD_JOBS;
}

// A row of chunks from the ring, or NULL where there is no space: it ends at
// the oldest row of a job that is not over. (It is never filled to the last
// chunk, or a full ring would look like an empty one.)
static mp_chunk *find_row(const mp_pool *pool, uint32_t chunks)
{
    const mp_async_result *oldest = pool->oldest;
    while (oldest != NULL && oldest->chunks == 1) {
        oldest = oldest->next;
    }
    uint32_t end = pool->rows_end;
    if (oldest == NULL) {
        return pool->board->rows;
    }
    uint32_t begin = (uint32_t)(oldest->row - pool->board->rows);
    if (end > begin && MP_BOARD_CHUNKS - end < chunks) {
        end = 0;  // the ring begins anew
    }
    return end > begin || begin - end > chunks ? pool->board->rows + end : NULL;
}

// Releases the lock while it waits.
static int wait_for_space(mp_pool *pool, mp_async_result *result)
{
    pool->failed_starts = 0;
    for (;;) {
        uint32_t seen = mp_eventcount_read(&pool->board->completions);
        if (pool->state > (result->after_close ? MP_POOL_CLOSED
                                               : MP_POOL_RUN)) {
            return mp_fail(EINVAL, "Pool not running");
        }
        if (mp_pool_check_workers(pool) == -1) {
            return -1;
        }
        if (slot_is_free(pool) &&
            (result->chunks == 1 ||
             (result->row = find_row(pool, result->chunks)) != NULL)) {
            return 0;
        }
        if (pool->oldest == NULL || !mp_async_result_check(pool->oldest)) {
            mp_pool_unlock(pool);
            mp_eventcount_await(&pool->board->completions, seen, MP_POOL_BEAT);
            mp_pool_lock(pool);
        }
    }
}

// ---- posting --------------------------------------------------------------

// Copies the items of a batch of chunks, which is all of them where nothing is
// copied. Returns the first chunk after it.
static uint32_t copy_batch(const mp_async_result *result, uint32_t first)
{
    const mp_job_data *data = &result->data;
    uint32_t left = result->chunks - first;
    uint32_t end = first + result->batch;
    if (!result->owns_items || left < result->batch) {
        end = result->chunks;
    }
    size_t chunk = (size_t)data->chunksize * data->item_size;
    size_t all = (size_t)data->count * data->item_size;
    size_t from = first * chunk, to = end < result->chunks ? end * chunk : all;
    if (result->owns_items && from < to) {
        memcpy(data->items + from, result->source + from, to - from);
    }
    return end;
}

// Copies the items and makes their chunks READY, batch after batch: workers do
// the first while the next is copied, without the lock. If the pool is
// terminated meanwhile, the job is over.
static void post_batches(mp_pool *pool, mp_async_result *result)
{
    mp_job *job = mp_board_job(pool->board, result->number);
    for (uint32_t first = 0, end; first < result->chunks; first = end) {
        pthread_mutex_unlock(&pool->lock);
        end = copy_batch(result, first);
        mp_pool_lock(pool);
        if (atomic_load(&result->over)) {
            return;
        }
        mp_board_release(pool->board, job, first, end - first);
    }
}

static void post(mp_pool *pool, mp_async_result *result)
{
    result->number = ++pool->posted;
    mp_job *job = mp_board_job(pool->board, result->number);
    job->data = result->data;
    if (result->chunks == 1) {
        result->row = &job->only;
    } else {
        pool->rows_end =
            (uint32_t)(result->row + result->chunks - pool->board->rows);
    }
    result->link = pool->end;
    *pool->end = result;
    pool->end = &result->next;
    mp_board_post(pool->board, result->number, result->row, result->chunks);
}

int mp_pool_submit(mp_pool *pool, mp_async_result *result)
{
    if (mp_pool_lock(pool) == -1) {
        return -1;
    }
    int found = wait_for_space(pool, result);
    if (found == 0 && result->chunks == 0) {
        atomic_store(&result->over, true);  // there is nothing to do
    } else if (found == 0) {
        post(pool, result);
        post_batches(pool, result);
        result->batch = 0;
    }
    mp_pool_unlock(pool);
    return found;
}
