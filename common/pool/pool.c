#include "base/platform.h"

#include "pool/internal.h"

#include <string.h>

#include "base/clock.h"
#include "base/cpus.h"
#include "base/error.h"
#include "base/pid.h"
#include "memory/shm.h"
#include "process/exit.h"
#include "start/context.h"

// ---- the beginning --------------------------------------------------------

static mp_pool *new_pool(int size, const mp_pool_options *options)
{
    mp_pool *pool = calloc(1, sizeof *pool +
                                  (size_t)size * sizeof *pool->workers);
    mp_board *board = mp_shm_alloc(sizeof *board + options->args_size);
    if (pool == NULL || board == NULL) {
        free(pool);
        mp_shm_free(board);
        mp_fail(ENOMEM, "no memory for a pool");
        return NULL;
    }
    pool->creator = mp_own_pid();
    pool->size = size;
    pool->context = options->context != NULL ? options->context
                                             : mp_get_context(NULL);
    pool->batch = MP_POOL_BATCH;
    pool->board = board;
    pool->end = &pool->oldest;
    pool->due_end = &pool->due;
    pthread_mutex_init(&pool->lock, NULL);
    memset(board, 0, offsetof(mp_board, jobs));
    atomic_store(&board->first, 1);
    board->spins = MP_BOARD_SPINS;
    board->maxtasks = options->maxtasksperchild;
    board->initializer = options->initializer;
    if (options->args_size > 0) {
        memcpy(board->initargs, options->args, options->args_size);
    }
    return pool;
}

static int start_workers(mp_pool *pool)
{
    mp_board *board = pool->board;
    if (mp_pool_find_function(pool, (mp_function_pointer)board->initializer,
                              &board->reference) == -1) {
        return -1;
    }
    for (int i = 0; i < pool->size; i++) {
        if (mp_pool_start_worker(pool, i) == -1) {
            return -1;
        }
    }
    return 0;
}

mp_pool *mp_pool_new_with(const mp_pool_options *options)
{
    int size = options->processes != 0 ? options->processes
                                       : mp_usable_cpu_count();
    if (size < 1 || size > MP_BOARD_WORKERS) {
        mp_fail(EINVAL, "Number of processes must be at least 1, and at most "
                        "%d", MP_BOARD_WORKERS);
        return NULL;
    }
    if (options->maxtasksperchild < 0) {
        mp_fail(EINVAL, "Maxtasks %d is not valid", options->maxtasksperchild);
        return NULL;
    }
    mp_pool *pool = new_pool(size, options);
    if (pool == NULL) {
        return NULL;
    }
    if (start_workers(pool) == -1) {
        int error = errno;
        mp_pool_free(pool);
        errno = error;
        return NULL;
    }
    return pool;
}

// ---- the end --------------------------------------------------------------

int mp_pool_close(mp_pool *pool)
{
    if (mp_pool_lock(pool) == -1) {
        return -1;
    }
    if (pool->state == MP_POOL_RUN) {
        pool->state = MP_POOL_CLOSED;
    }
    mp_pool_unlock(pool);
    return 0;
}

static int kill_workers(mp_pool *pool)
{
    for (int i = 0; i < pool->size; i++) {
        if (pool->workers[i].serial != 0 &&
            mp_process_kill(&pool->workers[i].process) == -1) {
            return -1;
        }
    }
    return 0;
}

// Joins all workers, and kills those that live so many seconds later.
static void join_workers(mp_pool *pool, double grace)
{
    double deadline = mp_clock_deadline(grace);
    for (int i = 0; i < pool->size; i++) {
        mp_process *process = &pool->workers[i].process;
        if (pool->workers[i].serial == 0) {
            continue;
        }
        if (mp_process_join(process, deadline - mp_clock_now()) == -1 &&
            mp_process_kill(process) == 0) {
            mp_process_join(process, MP_FOREVER);
        }
        mp_pool_fail_lost_worker(pool, i, MP_CHUNK_CANCELED);
    }
}

int mp_pool_terminate(mp_pool *pool)
{
    if (mp_pool_lock(pool) == -1) {
        return -1;
    }
    int killed = 0;
    if (pool->state < MP_POOL_TERMINATED &&
        (killed = kill_workers(pool)) == 0) {
        pool->state = MP_POOL_TERMINATED;
        join_workers(pool, MP_FOREVER);
        while (pool->oldest != NULL) {
            uint64_t number = pool->oldest->number;
            mp_board_fail_chunks(mp_board_job(pool->board, number), MP_NOBODY,
                                 MP_CHUNK_CANCELED, 0, 0);
            mp_async_result_check(pool->oldest);
        }
        mp_board_notify_completion(pool->board);
    }
    mp_pool_unlock(pool);
    return killed;
}

// Waits until no job is left.
static int finish_jobs(mp_pool *pool)
{
    while (pool->oldest != NULL) {
        uint32_t seen = mp_eventcount_read(&pool->board->completions);
        if (mp_async_result_check(pool->oldest)) {
            continue;
        }
        if (mp_pool_check_workers(pool) == -1) {
            return -1;
        }
        mp_pool_unlock(pool);
        mp_eventcount_await(&pool->board->completions, seen, MP_POOL_BEAT);
        mp_pool_lock(pool);
    }
    return 0;
}

int mp_pool_join(mp_pool *pool)
{
    if (mp_pool_lock(pool) == -1) {
        return -1;
    }
    int joined = 0;
    if (pool->state == MP_POOL_RUN) {
        joined = mp_fail(EINVAL, "Pool is still running");
    } else if (pool->state == MP_POOL_CLOSED) {
        joined = finish_jobs(pool);
        if (joined == 0 && pool->state == MP_POOL_CLOSED) {
            atomic_store(&pool->board->closed, 1);
            mp_board_notify_work(pool->board, INT32_MAX);
            join_workers(pool, MP_DAEMON_GRACE);
            pool->state = MP_POOL_JOINED;
        }
    }
    mp_pool_unlock(pool);
    return joined;
}

void mp_pool_free(mp_pool *pool)
{
    if (pool == NULL || mp_pool_terminate(pool) == -1) {
        return;
    }
    pthread_mutex_destroy(&pool->lock);
    mp_shm_free(pool->board);
    free(pool);
}
