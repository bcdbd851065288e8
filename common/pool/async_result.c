#include "base/platform.h"

#include "pool/internal.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"

// ---- its values -----------------------------------------------------------

// Where get puts them, and how many are there.
typedef struct {
    char *to;     // NULL: nowhere
    size_t next;  // item
} delivery;

static void deliver(const mp_async_result *result, delivery *d, size_t end)
{
    size_t size = result->data.result_size;
    if (d->to != NULL && d->next < end && size > 0) {
        memcpy(d->to + d->next * size, result->data.results + d->next * size,
               (end - d->next) * size);
    }
    d->next = d->next < end ? end : d->next;
}

// Once it is over: all values but those of items that failed.
static void deliver_all(const mp_async_result *result, delivery *d)
{
    for (int i = 0; i < result->failed; i++) {
        const mp_pool_failure *failure = &result->failures[i];
        deliver(result, d, failure->first);
        d->next = failure->first + failure->count;
    }
    deliver(result, d, result->data.count);
}

// ---- waiting for it -------------------------------------------------------

// Whether one of these is over: it is put first.
static bool any_is_over(mp_async_result **results, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        mp_async_result *result = results[i];
        if (mp_async_result_check(result)) {
            memmove(results + 1, results, i * sizeof *results);
            results[0] = result;
            return true;
        }
    }
    return false;
}

// Whether one is over, 1 or 0; -1 where none is, and no worker is left to do
// it. If there is one only, all its items before `good` have succeeded.
static int check(mp_async_result **results, size_t count, uint32_t *seen,
                 size_t *good)
{
    const mp_async_result *result = results[0];
    mp_pool *pool = result->pool;
    if (atomic_load(&result->over)) {
        return 1;
    }
    if (mp_pool_lock(pool) == -1) {
        return -1;
    }
    *seen = mp_eventcount_read(&pool->board->completions);
    bool over = any_is_over(results, count);
    *good = over || result->failed > 0
                ? 0
                : result->chunks_over * (size_t)result->data.chunksize;
    int checked = over ? 0 : mp_pool_check_workers(pool);
    if (checked == -1) {
        over = any_is_over(results, count);  // the dead may have had the rest
    }
    mp_pool_unlock(pool);
    return over ? 1 : checked;
}

// Blocks until one is over. Values of a single one are delivered as they come.
// Without a time-out, the clock is not read.
static int wait_for(mp_async_result **results, size_t count, delivery *d,
                    double timeout)
{
    bool forever = timeout == MP_FOREVER;
    double deadline = forever ? timeout : mp_clock_deadline(timeout);
    uint32_t seen;
    size_t good;
    int over;
    while ((over = check(results, count, &seen, &good)) == 0) {
        double left = forever ? timeout : deadline - mp_clock_now();
        if (!(left > 0)) {
            return mp_fail(ETIMEDOUT, "timed out");
        }
        if (d != NULL) {
            deliver(results[0], d, good);
        }
        mp_board *board = results[0]->pool->board;
        if (results[0]->chunks > 1 ||  // which takes too long for a spin
            !mp_eventcount_spin(&board->completions, seen, board->spins)) {
            mp_eventcount_await(&board->completions, seen,
                                left < MP_POOL_BEAT ? left : MP_POOL_BEAT);
        }
    }
    return over == 1 ? 0 : -1;
}

int mp_async_result_wait_any(mp_async_result **results, size_t count,
                             double timeout)
{
    return wait_for(results, count, NULL, timeout);
}

int mp_async_result_wait(mp_async_result *result, double timeout)
{
    return mp_async_result_wait_any(&result, 1, timeout);
}

int mp_async_result_ready(mp_async_result *result)
{
    uint32_t seen;
    size_t good;
    return check(&result, 1, &seen, &good);
}

long mp_async_result_done(mp_async_result *result)
{
    const mp_job_data *data = &result->data;
    int ready = mp_async_result_ready(result);
    if (ready != 0) {
        return ready == -1 ? -1 : (long)data->count;
    }
    long done = 0;
    for (uint32_t i = 0; i < result->chunks; i++) {
        uint64_t word = atomic_load(&result->row[i].word);
        if (mp_chunk_state(word) > MP_CHUNK_CLAIMED ||
            word >> 32 != (uint32_t)result->number) {  // a later job's
            long left = (long)data->count - (long)i * data->chunksize;
            done += left < data->chunksize ? left : data->chunksize;
        }
    }
    return done;
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

int mp_pool_fail_as(const mp_pool_failure *failure, bool single)
{
    if (failure->error == ECANCELED) {
        return mp_fail(ECANCELED, "pool terminated");
    }
    if (failure->error == EBADMSG) {
        return single
                   ? mp_fail(EBADMSG, "the task returned %d", failure->status)
                   : mp_fail(EBADMSG, "item %zu failed: its task returned %d",
                             failure->first, failure->status);
    }
    char items[64];
    snprintf(items, sizeof items, "item %zu was lost", failure->first);
    if (single) {
        snprintf(items, sizeof items, "the task was lost");
    } else if (failure->count > 1) {
        snprintf(items, sizeof items, "items %zu to %zu were lost",
                 failure->first, failure->first + failure->count - 1);
    }
    bool killed = failure->status < 0;
    return mp_fail(ECHILD, "%s: worker %d %s %d", items, (int)failure->worker,
                   killed ? "was killed by signal" : "ended with status",
                   killed ? -failure->status : failure->status);
}

// With a time-out, values are delivered once all is over, and not before.
int mp_async_result_get(mp_async_result *result, void *values, double timeout)
{
    char *to = values != NULL ? values : result->target;
    delivery d = { .to = to != result->data.results ? to : NULL };
    if (values != NULL && result->data.result_size == 0) {
        return mp_fail(EINVAL, "the tasks have no result: give .result_size");
    }
    delivery *early = timeout == MP_FOREVER ? &d : NULL;
    if (wait_for(&result, 1, early, timeout) == -1) {
        return -1;
    }
    deliver_all(result, &d);
    return result->failed > 0
               ? mp_pool_fail_as(&result->failures[0], result->data.count == 1)
               : 0;
}

int mp_async_result_failure(const mp_async_result *result, int index,
                            mp_pool_failure *failure)
{
    if (!atomic_load(&result->over) || index < 0 || index >= result->failed) {
        return mp_fail(EINVAL, "there is no such failure");
    }
    *failure = result->failures[index];
    return 0;
}

void mp_async_result_free(mp_async_result *result)
{
    bool over = true;
    if (result != NULL &&
        (!atomic_load(&result->over) || atomic_load(&result->due) != NULL) &&
        mp_pool_lock(result->pool) == 0) {
        over = mp_async_result_check(result) &&
               atomic_load(&result->due) == NULL;
        result->freed = !over;
        mp_pool_unlock(result->pool);
    }
    if (result != NULL && over) {
        mp_async_result_destroy(result);
    }
}
