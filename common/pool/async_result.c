#include "base/platform.h"

#include "pool/pool.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "pool/internal.h"
#include "memory/shm.h"

// ---- what becomes of a job ------------------------------------------------

static void forget_failures(mp_async_result *result)
{
    if (result->failures != &result->all) {
        free(result->failures);
    }
}

void mp_async_result_destroy(mp_async_result *result)
{
    if (result->owns_items) {
        mp_shm_free(result->items);
    }
    if (result->owns_results) {
        mp_shm_free(result->results);
    }
    mp_pool *home = result->home;
    forget_failures(result);
    free(result);
    mp_pool_drop_reference(home);
}

// Without memory for it, the first failure counts as one of all items.
static void note_failure(mp_async_result *result, mp_pool_failure failure)
{
    if (result->failures == &result->all) {
        return;
    }
    if (result->failed == result->room) {
        int room = result->room * 2 + 4;
        mp_pool_failure *more = realloc(result->failures,
                                        (size_t)room * sizeof *more);
        if (more == NULL) {
            result->all = result->failed > 0 ? result->failures[0] : failure;
            result->all.first = 0;
            result->all.count = result->count;
            forget_failures(result);
            result->failures = &result->all;
            result->failed = 1;
            return;
        }
        result->failures = more;
        result->room = room;
    }
    result->failures[result->failed++] = failure;
}

// What a word says that is not DONE.
static void note_chunk(mp_async_result *result, const mp_chunk *chunk,
                       int state)
{
    size_t first = (size_t)(chunk - result->row) * result->chunksize;
    size_t end = first + result->chunksize;
    end = end < result->count ? end : result->count;
    mp_pool_failure failure = { .first = first, .error = ECANCELED };
    if (state == MP_CHUNK_FAILED) {
        failure.first = chunk->who;
        failure.error = EBADMSG;
        failure.status = chunk->status;
    } else if (state == MP_CHUNK_LOST) {
        failure.error = ECHILD;
        failure.status = chunk->status;
        failure.worker = (pid_t)chunk->who;
    }
    failure.count = end - failure.first;
    note_failure(result, failure);
}

static void leave_list(mp_pool *pool, mp_async_result *result)
{
    *(result->previous != NULL ? &result->previous->next : &pool->first) =
        result->next;
    *(result->next != NULL ? &result->next->previous : &pool->last) =
        result->previous;
    if (result->freed) {
        mp_async_result_destroy(result);
    } else {
        atomic_store(&result->pool, NULL);
    }
}

bool mp_async_result_over(mp_async_result *result)
{
    mp_pool *pool = atomic_load(&result->pool);
    if (pool == NULL) {
        return true;
    }
    for (; result->seen < result->chunks; result->seen++) {
        const mp_chunk *chunk = &result->row[result->seen];
        int state = mp_chunk_state(atomic_load(&chunk->word));
        if (state <= MP_CHUNK_CLAIMED) {
            return false;
        }
        if (state != MP_CHUNK_DONE) {
            note_chunk(result, chunk, state);
        }
    }
    leave_list(pool, result);
    return true;
}

// ---- its values -----------------------------------------------------------

// Where get puts them, and how many are there.
typedef struct {
    char *to;     // NULL: nowhere
    size_t next;  // item
} delivery;

static void deliver(const mp_async_result *result, delivery *d, size_t end)
{
    size_t size = result->result_size;
    if (d->to != NULL && d->next < end && size > 0) {
        memcpy(d->to + d->next * size, result->results + d->next * size,
               (end - d->next) * size);
    }
    d->next = d->next < end ? end : d->next;
}

// All but those that failed: of these there is no value. Once it is over.
static void deliver_all(const mp_async_result *result, delivery *d)
{
    for (int i = 0; i < result->failed; i++) {
        const mp_pool_failure *failure = &result->failures[i];
        deliver(result, d, failure->first);
        d->next = failure->first + failure->count;
    }
    deliver(result, d, result->count);
}

// ---- waiting for it -------------------------------------------------------

// Looks, and if it is not over looks after those who do it. Returns 1 if it is
// over; -1 if nobody can do it. Says before which item all succeeded, so far.
static int look(mp_async_result *result, mp_pool *pool, uint32_t *seen,
                size_t *good)
{
    mp_pool_lock(pool);
    *seen = mp_eventcount_read(&pool->board->completions);
    int over = mp_async_result_over(result);
    *good = over || result->failed > 0 ? 0 : result->seen * result->chunksize;
    if (!over && mp_pool_check_workers(pool) == -1) {
        over = -1;
    }
    mp_pool_unlock(pool);
    return over;
}

// Blocks until it is over. Values are delivered as they come.
static int wait_for(mp_async_result *result, delivery *d, double timeout)
{
    double deadline = mp_clock_deadline(timeout);
    mp_pool *pool;
    while ((pool = atomic_load(&result->pool)) != NULL) {
        uint32_t seen;
        size_t good;
        if (mp_pool_check_creator(pool) == -1) {
            return -1;
        }
        int over = look(result, pool, &seen, &good);
        if (over != 0) {
            return over == 1 ? 0 : -1;
        }
        double left = deadline - mp_clock_now();
        if (!(left > 0)) {
            return mp_fail(ETIMEDOUT, "timed out");
        }
        deliver(result, d, good);
        mp_board_wait(pool->board, seen,
                      left < MP_POOL_BEAT ? left : MP_POOL_BEAT,
                      result->chunks == 1);
    }
    return 0;
}

int mp_async_result_wait(mp_async_result *result, double timeout)
{
    return wait_for(result, &(delivery){ .to = NULL }, timeout);
}

int mp_async_result_ready(mp_async_result *result)
{
    mp_pool *pool = atomic_load(&result->pool);
    uint32_t seen;
    size_t good;
    if (pool != NULL && mp_pool_check_creator(pool) == -1) {
        return -1;
    }
    return pool == NULL || look(result, pool, &seen, &good) == 1;
}

int mp_async_result_successful(mp_async_result *result)
{
    int ready = mp_async_result_ready(result);
    if (ready == 0) {
        return mp_fail(EINVAL, "the result is not ready");
    }
    return ready == -1 ? -1 : result->failed == 0;
}

// ---- getting it -----------------------------------------------------------

static int tell_failure(const mp_async_result *result)
{
    const mp_pool_failure *failure = &result->failures[0];
    if (failure->error == ECANCELED) {
        return mp_fail(ECANCELED, "pool terminated");
    }
    if (failure->error == EBADMSG) {
        return result->count == 1
                   ? mp_fail(EBADMSG, "the task returned %d", failure->status)
                   : mp_fail(EBADMSG, "item %zu failed: its task returned %d",
                             failure->first, failure->status);
    }
    char items[64];
    snprintf(items, sizeof items, "item %zu was lost", failure->first);
    if (result->count == 1) {
        snprintf(items, sizeof items, "the task was lost");
    } else if (failure->count > 1) {
        snprintf(items, sizeof items, "items %zu to %zu were lost",
                 failure->first, failure->first + failure->count - 1);
    }
    if (failure->status < 0) {
        return mp_fail(ECHILD, "%s: worker %d was killed by signal %d", items,
                       (int)failure->worker, -failure->status);
    }
    return mp_fail(ECHILD, "%s: worker %d ended with status %d", items,
                   (int)failure->worker, failure->status);
}

// With a time-out, values are delivered after the last moment at which the call
// might fail.
int mp_async_result_get(mp_async_result *result, void *values, double timeout)
{
    char *to = values != NULL ? values : result->target;
    delivery all = { .to = to != result->results ? to : NULL };
    delivery none = { .to = NULL };
    bool early = !(timeout < MP_FOREVER);
    if (wait_for(result, early ? &all : &none, timeout) == -1) {
        return -1;
    }
    deliver_all(result, &all);
    return result->failed > 0 ? tell_failure(result) : 0;
}

int mp_async_result_failure(const mp_async_result *result, int index,
                            mp_pool_failure *failure)
{
    if (atomic_load(&result->pool) != NULL || index < 0 ||
        index >= result->failed) {
        return mp_fail(EINVAL, "there is no such failure");
    }
    *failure = result->failures[index];
    return 0;
}

void mp_async_result_free(mp_async_result *result)
{
    mp_pool *pool = result != NULL ? atomic_load(&result->pool) : NULL;
    if (pool != NULL && pool->creator == getpid()) {
        mp_pool_lock(pool);
        if (!mp_async_result_over(result)) {
            result->freed = true;
            result = NULL;
        }
        mp_pool_unlock(pool);
    }
    if (result != NULL) {
        mp_async_result_destroy(result);
    }
}
