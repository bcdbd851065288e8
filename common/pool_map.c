#include "platform.h"

#include "pool.h"

#include <errno.h>
#include <string.h>

#include "clock.h"
#include "error.h"
#include "pool_parts.h"
#include "shm.h"

// ---- construction ---------------------------------------------------------

// The function as a worker in a new image finds it. Nearly always it is one of
// the program's own.
static int find_place(mp_async_result *result, const mp_pool *pool)
{
    if (strcmp(pool->context->name, "fork") == 0) {
        return 0;
    }
    mp_function *place = &result->place;
    if (mp_function_find((mp_function_pointer)result->function, place) == -1) {
        return -1;
    }
    result->module = pool->program;
    if (*place->module != '\0') {
        result->owns_module = true;
        result->module = mp_shm_alloc(strlen(place->module) + 1);
        if (result->module == NULL) {
            return -1;
        }
        strcpy(result->module, place->module);
    }
    place->module = result->module;
    return 0;
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

// Some chunks, so that the caches still hold what was copied when a worker comes
// to it, and a wake-up is worth while.
static uint32_t choose_portion(const mp_async_result *result)
{
    const size_t wanted = 256 * 1024;  // bytes
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
        result->portion = choose_portion(result);
    }
    if (take_memory(result, tasks) == -1 || find_place(result, pool) == -1) {
        int error = errno;
        mp_async_result_destroy(result);
        errno = error;
        return NULL;
    }
    return result;
}

// ---- posting --------------------------------------------------------------

// The place on the board is free once the job that had it is over.
static bool place_is_free(const mp_pool *pool)
{
    return pool->first == NULL ||
           pool->posted + 1 - pool->first->number < MP_BOARD_JOBS;
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
    job->news_every = result->owns_results ? result->portion : result->chunks;
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

// The first chunk behind this portion.
static uint32_t portion_end(const mp_async_result *result, uint32_t first)
{
    uint32_t left = result->chunks - first;
    return first + (left < result->portion ? left : result->portion);
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

// Copies the items and lets workers have them, portion after portion: they work
// on the first while we copy the next. The lock is held but while we copy; a
// pool that was terminated meanwhile has canceled what is HELD.
static void hand_over(mp_pool *pool, mp_async_result *result)
{
    mp_job *job = mp_board_job(pool->board, result->number);
    for (uint32_t first = 0, end; first < result->chunks; first = end) {
        end = portion_end(result, first);
        pthread_mutex_unlock(&pool->lock);
        copy_items(result, first, end);
        pthread_mutex_lock(&pool->lock);
        if (atomic_load(&result->pool) == NULL) {
            return;
        }
        mp_board_release(pool->board, job, first, end - first);
    }
}

// Call with the lock held, which it releases while it waits for room.
static int post(mp_pool *pool, mp_async_result *result)
{
    for (;;) {
        if (pool->state != MP_POOL_RUN) {
            return mp_fail(EINVAL, "Pool not running");
        }
        if (mp_pool_look_after(pool) == -1) {
            return -1;
        }
        result->row = result->chunks > 1 ? find_row(pool, result->chunks)
                                         : NULL;
        if (place_is_free(pool) && (result->chunks == 1 || result->row)) {
            break;
        }
        uint32_t seen = mp_eventcount_read(&pool->board->news);
        if (!mp_async_result_over(pool->first)) {
            pthread_mutex_unlock(&pool->lock);
            mp_board_wait(pool->board, seen, MP_POOL_BEAT, false);
            pthread_mutex_lock(&pool->lock);
        }
    }
    result->number = ++pool->posted;
    if ((uint32_t)result->number == 0) {
        result->number = ++pool->posted;  // that short number says "none"
    }
    write_job(pool, result);
    append(pool, result);
    mp_board_post(pool->board, result->number, result->row, result->chunks);
    hand_over(pool, result);
    return 0;
}

mp_async_result *mp_pool_map_async_with(mp_pool *pool,
                                        const mp_pool_tasks *tasks)
{
    mp_async_result *result = new_result(pool, tasks);
    if (result == NULL) {
        return NULL;
    }
    pthread_mutex_lock(&pool->lock);
    int posted = 0;
    if (result->chunks > 0) {
        posted = post(pool, result);
    } else if (pool->state != MP_POOL_RUN) {
        posted = mp_fail(EINVAL, "Pool not running");
    } else {
        atomic_store(&result->pool, NULL);  // nothing to do
    }
    pthread_mutex_unlock(&pool->lock);
    if (posted == -1) {
        int error = errno;
        mp_async_result_destroy(result);
        errno = error;
        return NULL;
    }
    return result;
}

int mp_pool_map_with(mp_pool *pool, const mp_pool_tasks *tasks)
{
    mp_async_result *result = mp_pool_map_async_with(pool, tasks);
    if (result == NULL) {
        return -1;
    }
    int got = mp_async_result_get(result, NULL, MP_FOREVER);
    int error = errno;
    mp_async_result_free(result);
    errno = error;
    return got;
}
