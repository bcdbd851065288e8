#include "base/platform.h"

#include "pool/internal.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/pid.h"
#include "memory/shm.h"

// ---- the lock, and callbacks ----------------------------------------------

int mp_pool_lock(mp_pool *pool)
{
    if (pool->creator != mp_own_pid()) {
        return mp_fail(EPERM, "can only use a pool created by current process");
    }
    pthread_mutex_lock(&pool->lock);
    return 0;
}

void mp_pool_unlock(mp_pool *pool)
{
    while (pool->due != NULL && !pool->calling && pool->due->batch == 0) {
        mp_async_result *result = pool->due;
        pool->due = result->next;
        pool->due_end = pool->due != NULL ? pool->due_end : &pool->due;
        pool->calling = true;
        pthread_mutex_unlock(&pool->lock);
        int error = errno;
        char why[256];
        snprintf(why, sizeof why, "%s", mp_error());
        atomic_load(&result->due)(result, result->callback_arg);
        mp_fail(error, "%s", why);
        pthread_mutex_lock(&pool->lock);
        pool->calling = false;
        bool freed = result->freed;
        atomic_store(&result->due, NULL);  // now another thread may free it
        if (freed) {
            mp_async_result_destroy(result);
        }
    }
    pthread_mutex_unlock(&pool->lock);
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

// ---- jobs -----------------------------------------------------------------

static void leave_list(mp_pool *pool, mp_async_result *result)
{
    *result->link = result->next;
    *(result->next != NULL ? &result->next->link : &pool->end) = result->link;
    mp_callback due =
        result->failed > 0 ? result->error_callback : result->callback;
    if (due != NULL) {
        atomic_store(&result->due, due);
        result->next = NULL;
        *pool->due_end = result;
        pool->due_end = &result->next;
    }
    if (due == NULL && result->freed) {
        mp_async_result_destroy(result);
    } else {
        atomic_store(&result->over, true);
    }
}

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

// ---- a worker -------------------------------------------------------------

int mp_pool_find_function(const mp_pool *pool, mp_function_pointer function,
                          mp_function *reference)
{
    bool fork = strcmp(pool->context->name, "fork") == 0;
    return fork || function == NULL ? 0 : mp_function_find(function, reference);
}

typedef struct {
    mp_board *board;
    int index;
    mp_serial serial;
} work_args;

// It has begun once its initializer has succeeded.
static int work(void *args)
{
    const work_args *given = args;
    mp_board *board = given->board;
    int (*initializer)(const void *) =
        board->reference.module == 0
            ? board->initializer
            : (int (*)(const void *))mp_function_at(&board->reference);
    signal(SIGINT, SIG_IGN);
    int status = initializer != NULL ? initializer(board->initargs) : 0;
    if (status == 0) {
        atomic_store(&board->begun[given->index], given->serial);
        mp_board_work(board, given->serial);
    }
    return status;
}

static void fail_chunks(mp_pool *pool, mp_serial serial, int state, pid_t pid,
                        int exitcode)
{
    for (mp_async_result *job = pool->oldest; job != NULL; job = job->next) {
        mp_board_fail_chunks(mp_board_job(pool->board, job->number), serial,
                             state, pid, exitcode);
    }
    mp_board_forget_worker(pool->board, serial);
}

// Python's names: "ForkPoolWorker-1", from "ForkProcess".
int mp_pool_start_worker(mp_pool *pool, int index)
{
    const char *process_name = pool->context->class_name;
    char name[64];
    snprintf(name, sizeof name, "%.*sPoolWorker",
             (int)(strlen(process_name) - strlen("Process")), process_name);
    mp_pool_worker *worker = &pool->workers[index];
    pool->last_serial = pool->last_serial % MP_SERIAL_MOST + 1;
    work_args args = { pool->board, index, pool->last_serial };
    if (mp_process_init(&worker->process, .target = work, MP_ARGS(args),
                        .class_name = name, .context = pool->context,
                        .daemon = MP_TRUE) == -1) {
        return -1;
    }
    if (mp_process_start(&worker->process) == -1) {
        int error = errno;
        // A child whose start fails late may have run for a moment (process.h).
        fail_chunks(pool, args.serial, MP_CHUNK_LOST, 0, -SIGKILL);
        mp_process_close(&worker->process);
        errno = error;
        return -1;
    }
    worker->serial = args.serial;
    return 0;
}

// ---- the check for dead workers -------------------------------------------

void mp_pool_fail_lost_worker(mp_pool *pool, int index, int state)
{
    mp_pool_worker *worker = &pool->workers[index];
    int exitcode = mp_process_exitcode(&worker->process);
    fail_chunks(pool, worker->serial, state, mp_process_pid(&worker->process),
                exitcode);
    bool begun = atomic_load(&pool->board->begun[index]) == worker->serial;
    pool->failed_starts = begun ? 0 : pool->failed_starts + 1;
    pool->failed_exitcode = exitcode;
    mp_process_close(&worker->process);
    worker->serial = 0;
}

static void fail_lost_workers(mp_pool *pool)
{
    for (int i = 0; i < pool->size; i++) {
        mp_pool_worker *worker = &pool->workers[i];
        if (worker->serial != 0 && !mp_process_is_alive(&worker->process)) {
            mp_pool_fail_lost_worker(pool, i, MP_CHUNK_LOST);
            mp_board_notify_completion(pool->board);
        }
    }
}

// Returns how many workers there are then. No other is tried after a start that
// fails, nor where more than three for each place, one after the other, have
// ended before they began. A later call tries anew.
static int replace_workers(mp_pool *pool)
{
    int living = 0, started = 0;
    for (int i = 0; i < pool->size; i++) {
        if (pool->workers[i].serial == 0 && started == 0) {
            started = pool->failed_starts > 3 * pool->size
                          ? mp_fail(ECHILD, "the pool's workers end %s, the "
                                            "last one with exit code %d",
                                    pool->board->initializer != NULL
                                        ? "in their initializer"
                                        : "before they begin",
                                    pool->failed_exitcode)
                          : mp_pool_start_worker(pool, i);
        }
        living += pool->workers[i].serial != 0;
    }
    return living;
}

// Jobs that are over and that nobody waits for must not keep memory and rows,
// and their callbacks must run.
static void check_jobs(mp_pool *pool)
{
    for (mp_async_result *job = pool->oldest, *next; job != NULL; job = next) {
        next = job->next;
        if (job->freed || job->chunks > 1 || job->callback != NULL ||
            job->error_callback != NULL) {
            mp_async_result_check(job);
        }
    }
}

// A worker that is woken and then killed, or stopped, has used up a wake-up. So
// all are woken where `first` has not moved since the last check.
static void wake_workers(mp_pool *pool)
{
    uint64_t before = pool->first;
    pool->first = atomic_load(&pool->board->first);
    if (pool->first == before && pool->first <= pool->posted) {
        mp_board_notify_work(pool->board, INT32_MAX);
    }
}

int mp_pool_check_workers(mp_pool *pool)
{
    double now = mp_clock_now();
    if (now - pool->checked < MP_POOL_BEAT / 2 ||
        pool->state >= MP_POOL_TERMINATED) {
        return 0;
    }
    pool->checked = now;
    check_jobs(pool);
    fail_lost_workers(pool);
    int living = replace_workers(pool);
    wake_workers(pool);
    if (living == 0) {
        pool->failed_starts = 0;
        return -1;
    }
    return 0;
}
