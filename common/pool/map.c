#include "base/platform.h"

#include "pool/internal.h"

#include "base/error.h"
#include "memory/arena.h"
#include "memory/shm.h"

// ---- construction ---------------------------------------------------------

static int take_memory(mp_async_result *result, const mp_pool_tasks *tasks)
{
    size_t items = tasks->count * tasks->item_size;
    size_t results = tasks->count * tasks->result_size;
    mp_job_data *data = &result->data;
    result->owns_items = !mp_shm_holds(tasks->items, items);
    result->owns_results = !mp_shm_holds(tasks->results, results);
    data->items = result->owns_items ? mp_shm_alloc(items)
                                     : (char *)tasks->items;
    data->results = result->owns_results ? mp_shm_alloc(results)
                                         : tasks->results;
    return data->items != NULL && data->results != NULL ? 0 : -1;
}

static size_t choose_chunksize(const mp_pool_tasks *tasks, const mp_pool *pool)
{
    size_t parts = 4 * (size_t)pool->size;
    return tasks->chunksize != 0 ? tasks->chunksize
                                 : (tasks->count + parts - 1) / parts;
}

static uint32_t choose_batch(const mp_async_result *result, size_t wanted)
{
    const mp_job_data *data = &result->data;
    size_t larger = data->item_size > data->result_size ? data->item_size
                                                        : data->result_size;
    size_t chunks = wanted / (larger * data->chunksize + 1) + 1;
    return chunks < result->chunks ? (uint32_t)chunks : result->chunks;
}

static int check(const mp_pool_tasks *tasks, size_t chunksize)
{
    uint64_t numbers = (uint64_t)tasks->count | chunksize | tasks->item_size |
                       tasks->result_size;
    if (tasks->function == NULL || numbers > UINT32_MAX ||
        (tasks->items == NULL) != (tasks->item_size == 0)) {
        return mp_fail(EINVAL, "tasks need a function, items with a size, and "
                               "numbers below 2 to the power of 32");
    }
    if (tasks->count > 0 && tasks->count / chunksize >= MP_BOARD_CHUNKS) {
        return mp_fail(EINVAL, "too many chunks: give a larger chunksize");
    }
    return 0;
}

mp_async_result *mp_pool_new_result(mp_pool *pool, const mp_pool_tasks *tasks)
{
    size_t chunksize = choose_chunksize(tasks, pool);
    if (check(tasks, chunksize) == -1) {
        return NULL;
    }
    size_t chunks =
        tasks->count > 0 ? (tasks->count + chunksize - 1) / chunksize : 0;
    mp_async_result *result =
        malloc(sizeof *result + chunks * sizeof *result->failures);
    if (result == NULL) {
        mp_fail(ENOMEM, "no memory for a result");
        return NULL;
    }
    *result = (mp_async_result){
        .pool = pool, .source = tasks->items, .target = tasks->results,
        .callback = tasks->callback, .error_callback = tasks->error_callback,
        .callback_arg = tasks->callback_arg, .chunks = (uint32_t)chunks,
        .data = { .function = tasks->function, .count = (uint32_t)tasks->count,
                  .item_size = (uint32_t)tasks->item_size,
                  .result_size = (uint32_t)tasks->result_size,
                  .chunksize = (uint32_t)chunksize },
    };
    if (take_memory(result, tasks) == -1 ||
        mp_pool_find_function(pool, (mp_function_pointer)tasks->function,
                              &result->data.reference) == -1) {
        mp_async_result_destroy(result);
        return NULL;
    }
    result->batch = choose_batch(result, pool->batch);
    result->data.notify_every =
        result->owns_results ? result->batch : result->chunks;
    return result;
}

// ---- the calls ------------------------------------------------------------

mp_async_result *mp_pool_map_async_with(mp_pool *pool,
                                        const mp_pool_tasks *given)
{
    mp_pool_tasks tasks = *given;
    if (tasks.apply && tasks.count > 1) {
        mp_fail(EINVAL, "apply does one task, and this is a list: map does it");
        return NULL;
    }
    tasks.count = tasks.apply ? 1 : tasks.count;
    mp_async_result *result = mp_pool_new_result(pool, &tasks);
    if (result != NULL && mp_pool_submit(pool, result) == -1) {
        mp_async_result_destroy(result);
        return NULL;
    }
    return result;
}

// No worker is left, and none can be started. What nobody has begun is canceled
// and reported. Then the memory is the caller's again.
static int give_up(mp_async_result *result)
{
    mp_pool *pool = result->pool;
    int error = errno;
    char why[256];
    snprintf(why, sizeof why, "%s", mp_error());
    mp_pool_lock(pool);
    if (!atomic_load(&result->over)) {
        mp_board_fail_chunks(mp_board_job(pool->board, result->number),
                             MP_NOBODY, MP_CHUNK_CANCELED, 0, 0);
    }
    mp_pool_unlock(pool);
    if (mp_async_result_get(result, NULL, MP_FOREVER) == 0) {
        return 0;
    }
    size_t failed = 0;
    for (int i = 0; i < result->failed; i++) {
        failed += result->failures[i].count;
    }
    return mp_fail(error, "no worker is left, %zu of %u items are not done: "
                          "%s", failed, result->data.count, why);
}

int mp_pool_map_with(mp_pool *pool, const mp_pool_tasks *tasks)
{
    mp_async_result *result = mp_pool_map_async_with(pool, tasks);
    if (result == NULL) {
        return -1;
    }
    int got = mp_async_result_get(result, NULL, MP_FOREVER);
    if (!atomic_load(&result->over)) {
        got = give_up(result);
    }
    mp_async_result_free(result);
    return got;
}
