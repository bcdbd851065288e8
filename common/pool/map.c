#include "base/platform.h"

#include "pool/pool.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "pool/internal.h"
#include "memory/arena.h"
#include "memory/shm.h"

// ---- construction ---------------------------------------------------------

// The function as a worker in a new image finds it.
static int find_place(mp_async_result *result, const mp_pool *pool)
{
    if (strcmp(pool->context->name, "fork") == 0) {
        return 0;
    }
    return mp_function_find((mp_function_pointer)result->function,
                            &result->place);
}

static int take_memory(mp_async_result *result, const mp_pool_tasks *tasks)
{
    size_t items = tasks->count * tasks->item_size;
    size_t results = tasks->count * tasks->result_size;
    result->owns_items = !mp_shm_holds(tasks->items, items);
    result->owns_results = !mp_shm_holds(tasks->results, results);
    result->items = (char *)tasks->items;
    result->results = tasks->results;
    if (result->owns_items) {
        result->items = mp_shm_alloc(items);
    }
    if (result->owns_results) {
        result->results = mp_shm_alloc(results);
    }
    if (result->items == NULL || result->results == NULL) {
        return -1;
    }
    result->source = tasks->items;
    return 0;
}

// Python: divmod(len(items), 4 * workers), and one more if there is a rest.
static size_t choose_chunksize(const mp_pool_tasks *tasks, const mp_pool *pool)
{
    size_t parts = 4 * (size_t)pool->size;
    return tasks->chunksize != 0 ? tasks->chunksize
                                 : (tasks->count + parts - 1) / parts;
}

static uint32_t choose_batch(const mp_async_result *result, size_t wanted)
{
    size_t larger = result->item_size > result->result_size
                        ? result->item_size
                        : result->result_size;
    size_t chunks = wanted / (larger * result->chunksize + 1) + 1;
    return chunks < result->chunks ? (uint32_t)chunks : result->chunks;
}

static int check(const mp_pool *pool, const mp_pool_tasks *tasks,
                 size_t chunksize)
{
    if (mp_pool_check_creator(pool) == -1) {
        return -1;
    }
    if (tasks->function == NULL || tasks->count > UINT32_MAX ||
        chunksize > UINT32_MAX || tasks->item_size > UINT32_MAX ||
        tasks->result_size > UINT32_MAX ||
        (tasks->items == NULL) != (tasks->item_size == 0)) {
        return mp_fail(EINVAL, "tasks need a function, items with a size, and "
                               "numbers below 2 to the power of 32");
    }
    if (tasks->count > 0 && tasks->count / chunksize >= pool->rows_size) {
        return mp_fail(EINVAL, "too many chunks: give a larger chunksize");
    }
    return 0;
}

static mp_async_result *new_result(mp_pool *pool, const mp_pool_tasks *tasks)
{
    size_t chunksize = choose_chunksize(tasks, pool);
    if (check(pool, tasks, chunksize) == -1) {
        return NULL;
    }
    mp_async_result *result = malloc(sizeof *result);
    if (result == NULL) {
        mp_fail(ENOMEM, "no memory for a result");
        return NULL;
    }
    *result = (mp_async_result){
        .function = tasks->function, .item_size = tasks->item_size,
        .result_size = tasks->result_size, .count = tasks->count,
        .chunksize = chunksize, .pool = pool, .home = pool,
        .target = tasks->results,
    };
    atomic_fetch_add(&pool->holders, 1);
    if (tasks->count > 0) {
        result->chunks = (uint32_t)((tasks->count + chunksize - 1) / chunksize);
        result->batch = choose_batch(result, pool->batch);
    }
    if (take_memory(result, tasks) == -1 || find_place(result, pool) == -1) {
        int error = errno;
        mp_async_result_destroy(result);
        errno = error;
        return NULL;
    }
    return result;
}

// ---- the calls ------------------------------------------------------------

mp_async_result *mp_pool_map_async_with(mp_pool *pool,
                                        const mp_pool_tasks *tasks)
{
    mp_async_result *result = new_result(pool, tasks);
    if (result == NULL) {
        return NULL;
    }
    mp_pool_lock(pool);
    int posted = 0;
    if (result->chunks > 0) {
        posted = mp_pool_post(pool, result);
    } else if (pool->state != MP_POOL_RUN) {
        posted = mp_fail(EINVAL, "Pool not running");
    } else {
        atomic_store(&result->pool, NULL);  // nothing to do
    }
    mp_pool_unlock(pool);
    if (posted == -1) {
        int error = errno;
        mp_async_result_destroy(result);
        errno = error;
        return NULL;
    }
    return result;
}

// No worker was left, and none could be started. What somebody has begun since
// then ends first; the rest nobody may begin: the memory is the caller's again.
static void withdraw(mp_async_result *result)
{
    mp_pool *pool = result->home;
    mp_pool_lock(pool);
    if (atomic_load(&result->pool) != NULL) {
        mp_board_fail_chunks(mp_board_job(pool->board, result->number),
                             MP_NOBODY, MP_CHUNK_CANCELED, 0, 0);
    }
    mp_pool_unlock(pool);
    mp_async_result_wait(result, MP_FOREVER);
}

int mp_pool_map_with(mp_pool *pool, const mp_pool_tasks *tasks)
{
    mp_async_result *result = mp_pool_map_async_with(pool, tasks);
    if (result == NULL) {
        return -1;
    }
    int got = mp_async_result_get(result, NULL, MP_FOREVER);
    int error = errno;
    if (atomic_load(&result->pool) != NULL) {
        withdraw(result);
    }
    mp_async_result_free(result);
    errno = error;
    return got;
}

// One task is a list of one item, or of nothing.
static int make_list(const mp_pool_tasks *task, mp_pool_tasks *list)
{
    if (task->count > 1) {
        return mp_fail(EINVAL, "apply does one task, and this is a list: map "
                               "does it");
    }
    *list = *task;
    list->count = 1;
    return 0;
}

mp_async_result *mp_pool_apply_async_with(mp_pool *pool,
                                          const mp_pool_tasks *task)
{
    mp_pool_tasks list;
    return make_list(task, &list) == 0 ? mp_pool_map_async_with(pool, &list)
                                       : NULL;
}

int mp_pool_apply_with(mp_pool *pool, const mp_pool_tasks *task)
{
    mp_pool_tasks list;
    return make_list(task, &list) == 0 ? mp_pool_map_with(pool, &list) : -1;
}
