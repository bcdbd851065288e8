#include "base/platform.h"

#include "pool/internal.h"

#include <string.h>

#include "base/error.h"

struct mp_imap_iterator {
    mp_pool *pool;
    mp_pool_tasks tasks;
    char *chunk;       // the items that are pulled next
    size_t pulled;     // items so far
    bool exhausted;    // no more are pulled:
    int error;         // that is an error, which is not reported yet
    char why[256];
    size_t taken;      // so many items of the first job
    size_t count;      // jobs of one chunk each
    mp_async_result *jobs[];
};

// ---- items ----------------------------------------------------------------

static int next_of_array(void *iterator, void *item)
{
    mp_imap_iterator *it = iterator;
    const mp_pool_tasks *tasks = &it->tasks;
    size_t size = tasks->item_size;
    if (it->pulled < tasks->count && size > 0) {
        memcpy(item, (const char *)tasks->items + it->pulled * size, size);
    }
    return it->pulled < tasks->count;
}

static int submit(mp_imap_iterator *it, size_t count)
{
    size_t size = it->tasks.item_size;
    mp_async_result *result = mp_pool_new_result(it->pool, &(mp_pool_tasks){
        .function = it->tasks.function, .items = size > 0 ? it->chunk : NULL,
        .item_size = size, .count = count, .chunksize = count,
        .result_size = it->tasks.result_size });
    if (result == NULL) {
        return -1;
    }
    result->after_close = true;
    result->base = it->pulled - count;
    if (mp_pool_submit(it->pool, result) == -1) {
        mp_async_result_destroy(result);
        return -1;
    }
    it->jobs[it->count++] = result;
    return 0;
}

// An error is reported when all jobs are taken.
static void stop(mp_imap_iterator *it, int error, const char *why)
{
    it->exhausted = true;
    it->error = error;
    snprintf(it->why, sizeof it->why, "%s", why);
}

static int fill(mp_imap_iterator *it)
{
    const mp_pool_tasks *tasks = &it->tasks;
    while (!it->exhausted && it->count < tasks->buffersize) {
        size_t count = 0;
        int got = 1;
        errno = EIO;  // where `next` fails and does not say why
        while (count < tasks->chunksize && got == 1) {
            got = tasks->next(tasks->state,
                              it->chunk + count * tasks->item_size);
            count += got == 1;
            it->pulled += got == 1;
        }
        if (got != 1) {
            stop(it, got == 0 ? 0 : errno, strerror(errno));
        }
        if (count > 0 && submit(it, count) == -1) {
            stop(it, errno, mp_error());
            return -1;
        }
    }
    return 0;
}

mp_imap_iterator *mp_pool_imap_with(mp_pool *pool, const mp_pool_tasks *given)
{
    if (mp_pool_map(pool, given->function) == -1) {
        return NULL;  // as an empty map is refused
    }
    mp_pool_tasks tasks = *given;
    tasks.chunksize += tasks.chunksize == 0;
    if (tasks.buffersize == 0) {
        tasks.buffersize = 2 * (size_t)pool->size;
    } else if (tasks.buffersize > MP_BOARD_JOBS) {
        tasks.buffersize = MP_BOARD_JOBS;  // there is no space for more
    }
    mp_imap_iterator *it = calloc(1, sizeof *it +
                                         tasks.buffersize * sizeof *it->jobs);
    char *chunk = calloc(tasks.chunksize, tasks.item_size + 1);
    if (it == NULL || chunk == NULL) {
        free(it);
        free(chunk);
        mp_fail(ENOMEM, "no memory for an iterator");
        return NULL;
    }
    *it = (mp_imap_iterator){ .pool = pool, .tasks = tasks, .chunk = chunk };
    if (tasks.next == NULL) {
        it->tasks.next = next_of_array;
        it->tasks.state = it;
    }
    if (fill(it) == -1) {
        mp_imap_iterator_free(it);
        return NULL;
    }
    return it;
}

// ---- results --------------------------------------------------------------

static void remove_jobs(mp_imap_iterator *it, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        mp_async_result_free(it->jobs[i]);
    }
    it->taken = 0;
    it->count -= count;
    memmove(it->jobs, it->jobs + count, it->count * sizeof *it->jobs);
}

static int take(mp_imap_iterator *it, void *value)
{
    const mp_async_result *result = it->jobs[0];
    size_t item = it->taken++, size = result->data.result_size;
    int got = 1;
    if (result->failed > 0 && item >= result->failures[0].first) {
        mp_pool_failure failure = result->failures[0];
        failure.first += result->base;
        got = mp_pool_fail_as(&failure, false);
    } else if (value != NULL && size > 0) {
        memcpy(value, result->data.results + item * size, size);
    }
    if (it->taken == result->data.count) {
        remove_jobs(it, 1);
    }
    return got;
}

int mp_imap_iterator_next(mp_imap_iterator *it, void *value, double timeout)
{
    fill(it);
    if (it->count == 0) {
        int error = it->error;
        it->error = 0;
        return error != 0 ? mp_fail(error, "%s", it->why) : 0;
    }
    size_t candidates = it->tasks.unordered ? it->count : 1;
    if (it->taken > 0 ||
        mp_async_result_wait_any(it->jobs, candidates, timeout) == 0) {
        return take(it, value);
    }
    if (errno != ETIMEDOUT) {
        it->exhausted = true;
        remove_jobs(it, it->count);
    }
    return -1;
}

void mp_imap_iterator_free(mp_imap_iterator *it)
{
    if (it != NULL) {
        int error = errno;
        remove_jobs(it, it->count);
        free(it->chunk);
        free(it);
        errno = error;
    }
}
