#include "base/platform.h"

#include "pool/internal.h"

#include "base/error.h"
#include "base/pid.h"
#include "memory/shm.h"

int mp_pool_lock(mp_pool *pool)
{
    if (pool->creator != mp_own_pid()) {
        return mp_fail(EPERM, "can only use a pool created by current process");
    }
    pthread_mutex_lock(&pool->lock);
    return 0;
}

void mp_async_result_destroy(mp_async_result *result)
{
    int error = errno;
    if (result->owns_items) {
        mp_shm_free(result->data.items);
    }
    if (result->owns_results) {
        mp_shm_free(result->data.results);
    }
    free(result);
    errno = error;
}

// ---- the list -------------------------------------------------------------

void mp_pool_append(mp_pool *pool, mp_async_result *result)
{
    result->previous = pool->newest;
    if (pool->newest != NULL) {
        pool->newest->next = result;
    } else {
        pool->oldest = result;
    }
    pool->newest = result;
}

static void leave_list(mp_pool *pool, mp_async_result *result)
{
    *(result->previous != NULL ? &result->previous->next : &pool->oldest) =
        result->next;
    *(result->next != NULL ? &result->next->previous : &pool->newest) =
        result->previous;
    if (result->freed) {
        mp_async_result_destroy(result);
    } else {
        atomic_store(&result->over, true);
    }
}

// ---- what became of a job -------------------------------------------------

// Notes why a chunk that is over is not DONE, as its word says.
static void note_failure(mp_async_result *result, const mp_chunk *chunk,
                         int state)
{
    size_t first = (size_t)(chunk - result->row) * result->data.chunksize;
    size_t end = first + result->data.chunksize;
    end = end < result->data.count ? end : result->data.count;
    bool failed = state == MP_CHUNK_FAILED, lost = state == MP_CHUNK_LOST;
    first = failed ? chunk->who : first;
    result->failures[result->failed++] = (mp_pool_failure){
        .first = first,
        .count = end - first,
        .error = failed ? EBADMSG : lost ? ECHILD : ECANCELED,
        .status = failed || lost ? chunk->status : 0,
        .worker = lost ? (pid_t)chunk->who : 0,
    };
}

bool mp_async_result_check(mp_async_result *result)
{
    if (atomic_load(&result->over)) {
        return true;
    }
    for (; result->chunks_over < result->chunks; result->chunks_over++) {
        const mp_chunk *chunk = &result->row[result->chunks_over];
        int state = mp_chunk_state(atomic_load(&chunk->word));
        if (state <= MP_CHUNK_CLAIMED) {
            return false;
        }
        if (state != MP_CHUNK_DONE) {
            note_failure(result, chunk, state);
        }
    }
    leave_list(result->pool, result);
    return true;
}
