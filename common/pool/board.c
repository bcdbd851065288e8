#include "base/platform.h"

#include "pool/board.h"

#include "base/watch.h"

// ---- notifying ------------------------------------------------------------

// In the board's `warm`, beside the number of a worker: it sleeps.
static const mp_serial asleep = UINT32_C(1) << 31;

// The warm worker is not woken if it is awake: it sees that the count has
// changed, and searches once more. If it was killed meanwhile, the parent sees
// that no chunk is claimed, and wakes all workers.
void mp_board_notify_work(mp_board *board, uint32_t workers)
{
    mp_eventcount_advance(&board->work);
    mp_serial warm = atomic_exchange(&board->warm, MP_NOBODY);
    uint32_t awake = (warm & asleep) != 0  // a stopped worker cannot be woken
                         ? mp_eventcount_wake_one(&board->work, warm)
                         : warm != MP_NOBODY;
    mp_eventcount_wake(&board->work, workers - awake);
}

void mp_board_forget_worker(mp_board *board, mp_serial worker)
{
    mp_serial warm = atomic_load(&board->warm);
    if ((warm & ~asleep) == worker) {
        atomic_compare_exchange_strong(&board->warm, &warm, MP_NOBODY);
    }
}

// ---- in the parent --------------------------------------------------------

static void set_words(mp_chunk *row, uint32_t chunks, uint32_t number,
                      int state)
{
    for (uint32_t i = 0; i < chunks; i++) {
        atomic_store_explicit(&row[i].word,
                              mp_chunk_word(number, MP_NOBODY, state),
                              memory_order_release);
    }
}

void mp_board_post(mp_board *board, uint64_t number, mp_chunk *row,
                   uint32_t chunks)
{
    mp_job *job = mp_board_job(board, number);
    uint32_t short_number = (uint32_t)number;
    atomic_store(&job->number, short_number + 1);  // no job's of this slot
    atomic_store(&job->row, row);
    atomic_store(&job->chunks, chunks);
    atomic_store(&job->cursor, (uint64_t)short_number << 32);
    atomic_store(&job->over, (uint64_t)short_number << 32);
    set_words(row, chunks, short_number, MP_CHUNK_PENDING);
    atomic_store(&job->number, short_number);
    atomic_store(&board->posted, number);
}

void mp_board_release(mp_board *board, mp_job *job, uint32_t first,
                      uint32_t chunks)
{
    set_words(atomic_load(&job->row) + first, chunks,
              atomic_load(&job->number), MP_CHUNK_READY);
    mp_board_notify_work(board, chunks);
}

void mp_board_notify_completion(mp_board *board)
{
    mp_eventcount_advance(&board->completions);
    mp_eventcount_wake(&board->completions, INT32_MAX);
}

void mp_board_fail_chunks(mp_job *job, mp_serial worker, int state, pid_t pid,
                          int exitcode)
{
    uint32_t number = atomic_load(&job->number);
    mp_chunk *row = atomic_load(&job->row);
    for (uint32_t i = 0; i < atomic_load(&job->chunks); i++) {
        uint64_t word = atomic_load(&row[i].word);
        if (mp_chunk_worker(word) == worker &&
            mp_chunk_state(word) <= MP_CHUNK_CLAIMED) {
            if (worker != MP_NOBODY) {  // it is dead: nobody else writes here
                row[i].who = (uint32_t)pid;
                row[i].status = exitcode;
            }
            // A worker may claim at this moment what nobody has: then it stays.
            atomic_compare_exchange_strong(
                &row[i].word, &word, mp_chunk_word(number, worker, state));
        }
    }
}

// ---- in a worker ----------------------------------------------------------

// A chunk that a worker has claimed.
typedef struct {
    mp_job *job;
    uint32_t number;  // of the job
    mp_chunk *chunk;
    uint32_t index;   // of the chunk in its row
} claim;

// What a search finds: a chunk, none for the moment, or none ever again.
typedef enum { FOUND, NONE_YET, NONE_LEFT } finding;

// Claims the first READY chunk of the job, if it is still this job.
static finding claim_in_job(mp_job *job, uint32_t number, mp_serial worker,
                            claim *claimed)
{
    if (atomic_load(&job->number) != number) {
        return NONE_LEFT;
    }
    uint64_t cursor = atomic_load(&job->cursor);
    uint32_t chunks = atomic_load(&job->chunks);
    mp_chunk *row = atomic_load(&job->row);
    if (atomic_load(&job->number) != number) {
        return NONE_LEFT;  // these belong to another job, or to two
    }
    const uint64_t pending = mp_chunk_word(number, MP_NOBODY, MP_CHUNK_PENDING);
    const uint64_t ready = mp_chunk_word(number, MP_NOBODY, MP_CHUNK_READY);
    const uint64_t ours = mp_chunk_word(number, worker, MP_CHUNK_CLAIMED);
    for (uint32_t i = (uint32_t)cursor; i < chunks; i++) {
        uint64_t word = atomic_load_explicit(&row[i].word,
                                             memory_order_relaxed);
        if (word == pending) {
            return NONE_YET;  // all after it are PENDING, too
        }
        if (word == ready &&
            atomic_compare_exchange_strong(&row[i].word, &word, ours)) {
            atomic_store(&job->cursor, (uint64_t)number << 32 | (i + 1));
            *claimed = (claim){ job, number, &row[i], i };
            return FOUND;
        }
    }
    uint64_t end = (uint64_t)number << 32 | chunks;
    atomic_compare_exchange_strong(&job->cursor, &cursor, end);
    return NONE_LEFT;
}

// The first READY chunk of the first job that has one.
static bool claim_any(mp_board *board, mp_serial worker, claim *claimed)
{
    uint64_t last = atomic_load(&board->posted);
    for (uint64_t number = atomic_load(&board->first); number <= last;
         number++) {
        finding found = claim_in_job(mp_board_job(board, number),
                                     (uint32_t)number, worker, claimed);
        if (found == FOUND) {
            return true;
        }
        uint64_t bound = number;
        if (found == NONE_LEFT) {
            atomic_compare_exchange_strong(&board->first, &bound, number + 1);
        }
    }
    return false;
}

// Runs the items of the chunk up to the first that fails. Returns its state.
static int run(const claim *claimed)
{
    const mp_job_data *job = &claimed->job->data;
    mp_task function = job->reference.module == 0
                           ? job->function
                           : (mp_task)mp_function_at(&job->reference);
    size_t begin = (size_t)claimed->index * job->chunksize;
    size_t end = begin + job->chunksize;
    end = end < job->count ? end : job->count;
    const size_t item_size = job->item_size, result_size = job->result_size;
    const char *item = job->items + begin * item_size;
    char *result = job->results + begin * result_size;
    const void *number = (void *)(uintptr_t)claimed->number;
    mp_watch_event("claims", number, (long)begin);
    for (size_t i = begin; i < end; i++) {
        int status = function(item, result);
        if (status != 0) {
            claimed->chunk->who = (uint32_t)i;
            claimed->chunk->status = status;
            mp_watch_event("fails", number, (long)i);
            return MP_CHUNK_FAILED;
        }
        item += item_size;
        result += result_size;
    }
    mp_watch_event("done", number, (long)end);
    return MP_CHUNK_DONE;
}

// One more chunk is over. Returns whether to notify the parent now. The slot
// may have another job by now.
static bool count_over(const claim *claimed, uint32_t chunks,
                       uint32_t notify_every)
{
    uint64_t over = atomic_load(&claimed->job->over);
    do {
        if (over >> 32 != claimed->number) {
            return false;
        }
    } while (!atomic_compare_exchange_weak(&claimed->job->over, &over,
                                           over + 1));
    uint32_t count = (uint32_t)over + 1;
    return count == chunks || count % notify_every == 0;
}

// The worker is the warm one before the parent knows that the job is over: if
// the parent posts a small job at once, it wakes no other worker.
static void work_on(mp_board *board, mp_serial worker, const claim *claimed)
{
    uint32_t chunks = atomic_load(&claimed->job->chunks);
    uint32_t notify_every = claimed->job->data.notify_every;
    int state = run(claimed);
    atomic_store(&claimed->chunk->word,
                 mp_chunk_word(claimed->number, worker, state));
    if (count_over(claimed, chunks, notify_every)) {
        atomic_store(&board->warm, worker);
        mp_board_notify_completion(board);
    }
}

// The warm worker spins, but not while the parent sleeps: the parent posts
// nothing then, and may need this CPU to wake up.
static void wait_for_work(mp_board *board, mp_serial worker, uint32_t seen)
{
    mp_serial warm = MP_NOBODY;
    if ((atomic_compare_exchange_strong(&board->warm, &warm, worker) ||
         warm == worker) && atomic_load(&board->completions.sleepers) == 0 &&
        mp_eventcount_spin(&board->work, seen, board->spins)) {
        return;
    }
    warm = worker;
    atomic_compare_exchange_strong(&board->warm, &warm, worker | asleep);
    mp_eventcount_await_as(&board->work, seen, worker);
}

// `work` is read before the search: a job that is posted later changes it.
void mp_board_work(mp_board *board, mp_serial worker)
{
    for (int tasks = 0; board->maxtasks == 0 || tasks < board->maxtasks;) {
        uint32_t seen = mp_eventcount_read(&board->work);
        claim claimed;
        if (claim_any(board, worker, &claimed)) {
            mp_board_forget_worker(board, worker);
            work_on(board, worker, &claimed);
            tasks++;
        } else if (atomic_load(&board->closed)) {
            return;
        } else {
            wait_for_work(board, worker, seen);
        }
    }
    // The parent may rely on it as the warm one: another worker searches.
    mp_board_forget_worker(board, worker);
    mp_board_notify_work(board, 1);
}
