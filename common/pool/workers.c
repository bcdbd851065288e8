#include "base/platform.h"

#include "pool/pool.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "pool/internal.h"

// ---- a worker -------------------------------------------------------------

typedef struct {
    mp_board *board;
    mp_pool_cell *cell;
    mp_serial serial;
} work_args;

static int work(void *args)
{
    const work_args *given = args;
    signal(SIGINT, SIG_IGN);
    mp_futex_await(&given->cell->may_run, given->serial);
    atomic_store(&given->cell->running, given->serial);
    mp_board_work(given->board, given->serial);
    return 0;
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
    work_args args = { .board = pool->board, .cell = &pool->cells[index],
                       .serial = pool->last_serial };
    if (mp_process_init(&worker->process, .target = work, MP_ARGS(args),
                        .class_name = name, .context = pool->context,
                        .daemon = MP_TRUE) == -1) {
        return -1;
    }
    if (mp_process_start(&worker->process) == -1) {
        int error = errno;
        mp_process_close(&worker->process);
        errno = error;
        return -1;
    }
    worker->serial = args.serial;
    mp_futex_set(&args.cell->may_run, args.serial);
    return 0;
}

// ---- looking after them ---------------------------------------------------

void mp_pool_fail_lost_worker(mp_pool *pool, int index, int state)
{
    mp_pool_worker *worker = &pool->workers[index];
    for (mp_async_result *job = pool->first; job != NULL; job = job->next) {
        mp_board_fail_chunks(mp_board_job(pool->board, job->number),
                         worker->serial, state,
                         mp_process_pid(&worker->process),
                         mp_process_exitcode(&worker->process));
    }
    bool begun = atomic_load(&pool->cells[index].running) == worker->serial;
    pool->failed_starts = begun ? 0 : pool->failed_starts + 1;
    mp_process_close(&worker->process);
    worker->serial = 0;
}

// Where workers end before they begin, again and again, others would, too; but
// whoever hands in tasks, or is told so, may try anew.
static int replace(mp_pool *pool, int index)
{
    if (pool->failed_starts > 3 * pool->size) {
        return mp_fail(ECHILD, "the pool's workers end before they begin");
    }
    return mp_pool_start_worker(pool, index);
}

// A worker that is woken and then killed, or stopped, has taken somebody's
// wake-up with it. So all are woken who sleep while there may be work.
int mp_pool_check_workers(mp_pool *pool)
{
    double now = mp_clock_now();
    if (now - pool->looked < MP_POOL_BEAT / 2 ||
        pool->state >= MP_POOL_TERMINATED) {
        return 0;
    }
    pool->looked = now;
    // What nobody gets, or not yet, must not keep memory and rows of chunks.
    for (mp_async_result *job = pool->first, *next; job != NULL; job = next) {
        next = job->next;
        if (job->freed || job->chunks > 1) {
            mp_async_result_over(job);
        }
    }
    for (int i = 0; i < pool->size; i++) {
        mp_pool_worker *worker = &pool->workers[i];
        if (worker->serial != 0 && !mp_process_is_alive(&worker->process)) {
            mp_pool_fail_lost_worker(pool, i, MP_CHUNK_LOST);
            mp_board_tell_completion(pool->board);
        }
    }
    // Where one start fails the others would, too, and each may take a while.
    int living = 0;
    bool may = true;
    for (int i = 0; i < pool->size; i++) {
        may = may && (pool->workers[i].serial != 0 || replace(pool, i) == 0);
        living += pool->workers[i].serial != 0;
    }
    if (atomic_load(&pool->board->first) <= pool->posted) {
        mp_board_wake_all(pool->board);
    }
    if (living == 0) {
        pool->failed_starts = 0;
        return -1;
    }
    return 0;
}
