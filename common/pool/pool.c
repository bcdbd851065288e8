#include "base/platform.h"

#include "pool/pool.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "start/context.h"
#include "base/cpus.h"
#include "base/error.h"
#include "process/exit.h"
#include "pool/internal.h"
#include "memory/shm.h"

// A thread that is cancelled while it has the lock would never release it.
static _Thread_local int cancel_state;

void mp_pool_lock(mp_pool *pool)
{
    int state;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
    pthread_mutex_lock(&pool->lock);
    cancel_state = state;
}

void mp_pool_unlock(mp_pool *pool)
{
    int state = cancel_state;
    pthread_mutex_unlock(&pool->lock);
    pthread_setcancelstate(state, NULL);
}

int mp_pool_check_creator(const mp_pool *pool)
{
    if (pool->creator != getpid()) {
        return mp_fail(EPERM, "can only use a pool created by current process");
    }
    return 0;
}

int mp_pool_poll(mp_pool *pool)
{
    if (mp_pool_check_creator(pool) == -1) {
        return -1;
    }
    mp_pool_lock(pool);
    int looked = mp_pool_check_workers(pool);
    mp_pool_unlock(pool);
    return looked;
}

// ---- the beginning --------------------------------------------------------

// What nobody looks at once all jobs are over and all workers have ended.
static void free_works(mp_pool *pool)
{
    mp_shm_free(pool->rows);
    mp_shm_free(pool->cells);
    free(pool->workers);
}

void mp_pool_drop_reference(mp_pool *pool)
{
    if (atomic_fetch_sub(&pool->holders, 1) == 1) {
        pthread_mutex_destroy(&pool->lock);
        mp_shm_free(pool->board_block);
        free(pool);
    }
}

// In a small arena the ring is smaller, too.
static void take_rows(mp_pool *pool)
{
    for (uint32_t size = MP_POOL_CHUNKS; pool->rows == NULL && size > 1024;
         size /= 2) {
        pool->rows_size = size - 1;  // and a block's heading
        pool->rows = mp_shm_alloc(pool->rows_size * sizeof *pool->rows);
    }
}

static mp_pool *new_pool(int size, const mp_context *context)
{
    mp_pool *pool = calloc(1, sizeof *pool);
    if (pool == NULL) {
        mp_fail(ENOMEM, "no memory for a pool");
        return NULL;
    }
    *pool = (mp_pool){ .creator = getpid(), .size = size, .context = context,
                       .holders = 1, .batch = MP_POOL_BATCH,
                       .cpus = (uint32_t)mp_usable_cpu_count(),
                       .board_block = mp_shm_alloc(sizeof(mp_board) + 64),
                       .cells = mp_shm_alloc((size_t)size *
                                             sizeof(mp_pool_cell)),
                       .workers = calloc((size_t)size,
                                         sizeof(mp_pool_worker)) };
    pthread_mutex_init(&pool->lock, NULL);
    take_rows(pool);
    if (pool->board_block == NULL || pool->cells == NULL ||
        pool->workers == NULL || pool->rows == NULL) {
        free_works(pool);
        mp_pool_drop_reference(pool);
        mp_fail(ENOMEM, "no memory for a pool");
        return NULL;
    }
    const uintptr_t line = 64;
    pool->board = (mp_board *)(((uintptr_t)pool->board_block + line - 1) /
                               line * line);
    memset(pool->board, 0, offsetof(mp_board, jobs));
    atomic_store(&pool->board->first, 1);
    pool->board->spins = MP_BOARD_SPINS;
    memset(pool->cells, 0, (size_t)size * sizeof *pool->cells);
    return pool;
}

mp_pool *mp_pool_new_with(const mp_pool_options *options)
{
    int size = options->processes != 0 ? options->processes
                                       : mp_usable_cpu_count();
    if (size < 1 || size > MP_POOL_MOST) {
        mp_fail(EINVAL, "Number of processes must be at least 1, and at most "
                        "%d", MP_POOL_MOST);
        return NULL;
    }
    const mp_context *context = options->context != NULL
                                    ? options->context
                                    : mp_get_context(NULL);
    if (context->launch == NULL) {
        mp_fail(EINVAL, "cannot find context");
        return NULL;
    }
    mp_pool *pool = new_pool(size, context);
    if (pool == NULL) {
        return NULL;
    }
    for (int i = 0; i < size; i++) {
        if (mp_pool_start_worker(pool, i) == -1) {
            int error = errno;
            char why[256];
            snprintf(why, sizeof why, "%s", mp_error());
            mp_pool_free(pool);
            mp_fail(error, "%s", why);
            return NULL;
        }
    }
    return pool;
}

// ---- the end --------------------------------------------------------------

int mp_pool_close(mp_pool *pool)
{
    if (mp_pool_check_creator(pool) == -1) {
        return -1;
    }
    mp_pool_lock(pool);
    if (pool->state == MP_POOL_RUN) {
        pool->state = MP_POOL_CLOSED;
    }
    mp_pool_unlock(pool);
    return 0;
}

static void kill_all(mp_pool *pool)
{
    for (int i = 0; i < pool->size; i++) {
        if (pool->workers[i].serial != 0) {
            mp_process_kill(&pool->workers[i].process);
        }
    }
}

int mp_pool_terminate(mp_pool *pool)
{
    if (mp_pool_check_creator(pool) == -1) {
        return -1;
    }
    atomic_store(&pool->terminating, true);
    mp_pool_lock(pool);
    if (pool->state < MP_POOL_TERMINATED) {
        pool->state = MP_POOL_TERMINATED;
        kill_all(pool);
        for (int i = 0; i < pool->size; i++) {
            if (pool->workers[i].serial != 0) {
                mp_process_join(&pool->workers[i].process, MP_FOREVER);
                mp_pool_fail_lost_worker(pool, i, MP_CHUNK_CANCELED);
            }
        }
        while (pool->first != NULL) {
            mp_board_fail_chunks(mp_board_job(pool->board, pool->first->number),
                             MP_ANYBODY, MP_CHUNK_CANCELED, 0, 0);
            mp_async_result_over(pool->first);
        }
        mp_board_tell_completion(pool->board);
    }
    mp_pool_unlock(pool);
    return 0;
}

// Waits until no job is left, looking after the workers that do them.
static int finish_jobs(mp_pool *pool)
{
    while (pool->first != NULL) {
        uint32_t seen = mp_eventcount_read(&pool->board->completions);
        if (mp_async_result_over(pool->first)) {
            continue;
        }
        if (mp_pool_check_workers(pool) == -1) {
            return -1;
        }
        mp_pool_unlock(pool);
        mp_board_wait(pool->board, seen, MP_POOL_BEAT, false);
        mp_pool_lock(pool);
    }
    return 0;
}

// An idle worker ends by itself. One that is stopped does not, and has nothing
// to lose: it is killed, after a while, or at once if somebody is in a hurry.
static void end_worker(mp_pool *pool, mp_process *process, double deadline)
{
    bool haste;
    do {
        haste = atomic_load(&pool->terminating) || mp_clock_now() >= deadline;
        if (haste) {
            mp_process_kill(process);
        }
    } while (mp_process_join(process, haste ? MP_FOREVER : MP_POOL_BEAT) == -1);
    mp_process_close(process);
}

static void end_workers(mp_pool *pool)
{
    atomic_store(&pool->board->closed, 1);
    mp_board_wake_all(pool->board);
    double deadline = mp_clock_deadline(MP_DAEMON_GRACE);
    for (int i = 0; i < pool->size; i++) {
        if (pool->workers[i].serial != 0) {
            end_worker(pool, &pool->workers[i].process, deadline);
            pool->workers[i].serial = 0;
        }
    }
}

int mp_pool_join(mp_pool *pool)
{
    if (mp_pool_check_creator(pool) == -1) {
        return -1;
    }
    atomic_fetch_add(&pool->holders, 1);
    mp_pool_lock(pool);
    int joined = 0;
    if (pool->state == MP_POOL_RUN) {
        joined = mp_fail(EINVAL, "Pool is still running");
    } else if (pool->state == MP_POOL_CLOSED) {
        joined = finish_jobs(pool);
        if (joined == 0 && pool->state == MP_POOL_CLOSED) {
            end_workers(pool);
            pool->state = MP_POOL_JOINED;
        }
    }
    mp_pool_unlock(pool);
    mp_pool_drop_reference(pool);
    return joined;
}

void mp_pool_free(mp_pool *pool)
{
    if (pool == NULL || mp_pool_terminate(pool) == -1) {
        return;
    }
    free_works(pool);
    mp_pool_drop_reference(pool);
}
