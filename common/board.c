#include "platform.h"

#include "board.h"

#include <time.h>

#include "clock.h"

// ---- sleeping and waking, futex(2) ----------------------------------------

static void sleep_on(_Atomic uint32_t *futex, uint32_t seen,
                     const struct timespec *most)
{
    syscall(SYS_futex, futex, MP_FUTEX_WAIT, seen, most, NULL, 0);
}

static void wake(_Atomic uint32_t *futex, uint32_t most)
{
    syscall(SYS_futex, futex, MP_FUTEX_WAKE, most, NULL, NULL, 0);
}

// Who sleeps says so first, and then looks at the futex once more, in the
// kernel; who wakes changes the futex first, and then looks for sleepers. So
// one of the two sees the other. A sleeper that was killed is counted for ever,
// which costs a needless call now and then.
static void tell(_Atomic uint32_t *futex, _Atomic uint32_t *sleepers,
                 uint32_t most)
{
    atomic_fetch_add(futex, 1);
    if (atomic_load(sleepers) > 0) {
        wake(futex, most);
    }
}

static void sleep_until_told(_Atomic uint32_t *futex,
                             _Atomic uint32_t *sleepers, uint32_t seen,
                             const struct timespec *most)
{
    atomic_fetch_add(sleepers, 1);
    sleep_on(futex, seen, most);
    atomic_fetch_sub(sleepers, 1);
}

// ---- in the parent --------------------------------------------------------

mp_job *mp_board_job(mp_board *board, uint64_t number)
{
    return &board->jobs[number % MP_BOARD_JOBS];
}

void mp_board_post(mp_board *board, uint64_t number, mp_chunk *row,
                   uint32_t chunks)
{
    mp_job *job = mp_board_job(board, number);
    uint32_t short_number = (uint32_t)number;
    atomic_store(&job->number, 0);  // whoever reads now, reads again
    atomic_store(&job->row, row);
    atomic_store(&job->chunks, chunks);
    atomic_store(&job->cursor, (uint64_t)short_number << 32);
    atomic_store(&job->over, (uint64_t)short_number << 32);
    for (uint32_t i = 0; i < chunks; i++) {
        atomic_store_explicit(&row[i].word,
                              mp_chunk_word(short_number, 0, MP_CHUNK_FREE),
                              memory_order_relaxed);
    }
    atomic_store(&job->number, short_number);
    atomic_store(&board->posted, number);
    tell(&board->work, &board->sleepers, chunks);
}

void mp_board_wake_all(mp_board *board)
{
    tell(&board->work, &board->sleepers, INT32_MAX);
}

void mp_board_tell_news(mp_board *board)
{
    tell(&board->news, &board->waiters, INT32_MAX);
}

void mp_board_wait(mp_board *board, uint32_t seen, double seconds)
{
    struct timespec most = mp_clock_remaining(mp_clock_deadline(seconds));
    sleep_until_told(&board->news, &board->waiters, seen, &most);
}

void mp_board_say(_Atomic uint32_t *futex, uint32_t value)
{
    atomic_store(futex, value);
    wake(futex, INT32_MAX);
}

void mp_board_give_up(mp_job *job, mp_serial worker, int state, pid_t pid,
                      int exitcode)
{
    int from = worker == 0 ? MP_CHUNK_FREE : MP_CHUNK_CLAIMED;
    uint32_t number = atomic_load(&job->number);
    mp_chunk *row = atomic_load(&job->row);
    for (uint32_t i = 0; i < atomic_load(&job->chunks); i++) {
        uint64_t word = mp_chunk_word(number, worker, from);
        if (worker != 0 && atomic_load(&row[i].word) == word) {
            row[i].who = (uint32_t)pid;  // its owner is dead: it is ours now
            row[i].status = exitcode;
        }
        atomic_compare_exchange_strong(&row[i].word, &word,
                                       mp_chunk_word(number, worker, state));
    }
}

// ---- in a worker ----------------------------------------------------------

void mp_board_await(_Atomic uint32_t *futex, uint32_t value)
{
    uint32_t seen;
    while ((seen = atomic_load(futex)) != value) {
        sleep_on(futex, seen, NULL);
    }
}

// A chunk that a worker has claimed.
typedef struct {
    mp_job *job;
    uint32_t number;  // of the job
    mp_chunk *chunk;
    uint32_t index;   // of the chunk in its row
} claim;

// Claims the first FREE chunk of the job, if it is still this job.
static bool claim_in_job(mp_job *job, uint32_t number, mp_serial worker,
                         claim *claimed)
{
    if (atomic_load(&job->number) != number) {
        return false;
    }
    uint64_t cursor = atomic_load(&job->cursor);
    uint32_t chunks = atomic_load(&job->chunks);
    mp_chunk *row = atomic_load(&job->row);
    if (atomic_load(&job->number) != number) {
        return false;  // these belong to another job, or to two
    }
    const uint64_t free = mp_chunk_word(number, 0, MP_CHUNK_FREE);
    const uint64_t ours = mp_chunk_word(number, worker, MP_CHUNK_CLAIMED);
    for (uint32_t i = (uint32_t)cursor; i < chunks; i++) {
        uint64_t word = free;
        if (atomic_load_explicit(&row[i].word, memory_order_relaxed) == free &&
            atomic_compare_exchange_strong(&row[i].word, &word, ours)) {
            atomic_store(&job->cursor, (uint64_t)number << 32 | (i + 1));
            *claimed = (claim){ job, number, &row[i], i };
            return true;
        }
    }
    uint64_t end = (uint64_t)number << 32 | chunks;
    atomic_compare_exchange_strong(&job->cursor, &cursor, end);
    return false;
}

// The first FREE chunk of the first job that has one.
static bool claim_any(mp_board *board, mp_serial worker, claim *claimed)
{
    uint64_t last = atomic_load(&board->posted);
    for (uint64_t number = atomic_load(&board->first); number <= last;
         number++) {
        mp_job *job = mp_board_job(board, number);
        if ((uint32_t)number != 0 &&  // which no job has
            claim_in_job(job, (uint32_t)number, worker, claimed)) {
            return true;
        }
        // It has no FREE chunk. If none before it has one, the bound moves.
        uint64_t bound = number;
        atomic_compare_exchange_strong(&board->first, &bound, number + 1);
    }
    return false;
}

// In a new image the function has another address. One job after the other
// often has the same.
static mp_task find_function(const mp_job *job)
{
    static mp_function last;
    static mp_task found;
    if (job->place.module == NULL) {
        return job->function;
    }
    if (found == NULL || last.layout != job->place.layout ||
        last.offset != job->place.offset) {
        last = job->place;
        found = (mp_task)mp_function_at(&job->place);
    }
    return found;
}

// Runs the items of the chunk up to the first that fails. Returns its state.
static int run(const claim *claimed)
{
    const mp_job *job = claimed->job;
    mp_task function = find_function(job);
    size_t begin = (size_t)claimed->index * job->chunksize;
    size_t end = begin + job->chunksize;
    end = end < job->count ? end : job->count;
    const size_t item_size = job->item_size, result_size = job->result_size;
    const char *item = job->items + begin * item_size;
    char *result = job->results + begin * result_size;
    for (size_t i = begin; i < end; i++) {
        int status = function(item, result);
        if (status != 0) {
            claimed->chunk->who = (uint32_t)i;
            claimed->chunk->status = status;
            return MP_CHUNK_FAILED;
        }
        item += item_size;
        result += result_size;
    }
    return MP_CHUNK_DONE;
}

// One more chunk of the job is over. The place may have another job by now.
static void count_over(mp_board *board, const claim *claimed, uint32_t chunks)
{
    uint64_t over = atomic_load(&claimed->job->over);
    do {
        if (over >> 32 != claimed->number) {
            return;
        }
    } while (!atomic_compare_exchange_weak(&claimed->job->over, &over,
                                           over + 1));
    if ((uint32_t)over + 1 == chunks) {
        mp_board_tell_news(board);
    }
}

static void work_on(mp_board *board, mp_serial worker, const claim *claimed)
{
    uint32_t chunks = atomic_load(&claimed->job->chunks);
    int state = run(claimed);
    atomic_store(&claimed->chunk->word,
                 mp_chunk_word(claimed->number, worker, state));
    count_over(board, claimed, chunks);
}

// `work` is read before the search: what is posted after the search has changed
// it by the time we want to sleep.
void mp_board_work(mp_board *board, mp_serial worker)
{
    for (;;) {
        uint32_t seen = atomic_load(&board->work);
        claim claimed;
        if (claim_any(board, worker, &claimed)) {
            work_on(board, worker, &claimed);
        } else if (atomic_load(&board->closed)) {
            return;
        } else {
            sleep_until_told(&board->work, &board->sleepers, seen, NULL);
        }
    }
}
