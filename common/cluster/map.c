#include "base/platform.h"

#include "cluster/internal.h"

#ifdef MP_OPENMPI

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "base/error.h"
#include "memory/shm.h"

// The messages of one chunk. Rank 0 sends them to itself, too.
//
//     give         note, items   -->  take_chunk: mp_pool_map_async
//     take_answer  <-- note, results  answer, once it is over
enum { CHUNK, ITEMS, ANSWER, RESULTS };

// It returns at once: MPI keeps a copy of a message as small as a note.
static void send(const mp_cluster_note *note, int rank, int tag)
{
    MPI_Send(note, sizeof *note, MPI_BYTE, rank, tag, mp_cluster_ranks);
}

static void receive(void *to, size_t size, int rank, int tag)
{
    MPI_Recv(to, (int)size, MPI_BYTE, rank, tag, mp_cluster_ranks,
             MPI_STATUS_IGNORE);
}

// ---- on each rank: chunks for its pool ------------------------------------

static void answer(struct mp_cluster_chunk *c, size_t result_size)
{
    mp_cluster_note *note = &c->note;
    note->good = note->failure.error == 0 ? note->count : note->failure.first;
    send(note, 0, ANSWER);
    MPI_Isend(c->results, (int)(note->good * result_size), MPI_BYTE, 0, RESULTS,
              mp_cluster_ranks, &c->sent);
}

static void take_chunk(mp_cluster *cluster, const mp_pool_tasks *tasks,
                       struct mp_cluster_chunk *c, const mp_cluster_note *note)
{
    receive(c->items, note->count * tasks->item_size, 0, ITEMS);
    mp_pool_tasks part = *tasks;
    part.items = tasks->item_size > 0 ? c->items : NULL;
    part.results = c->results;
    part.count = part.chunksize = note->count;
    c->note = *note;
    c->promise = mp_pool_map_async_with(cluster->pool, &part);
    if (c->promise == NULL) {
        c->note.failure =
            (mp_pool_failure){ .count = note->count, .error = errno };
        answer(c, tasks->result_size);
    }
}

// Returns whether there was anything to do; results on their way count.
static bool check_chunk(mp_cluster *cluster, struct mp_cluster_chunk *c,
                        size_t result_size)
{
    if (c->promise == NULL) {
        int sent;
        MPI_Test(&c->sent, &sent, MPI_STATUS_IGNORE);
        return !sent;
    }
    int ready = mp_async_result_ready(c->promise);
    if (ready == -1) {  // no worker is left: all that is not over fails
        mp_pool_terminate(cluster->pool);
    } else if (ready == 1) {
        mp_async_result_failure(c->promise, 0, &c->note.failure);
        mp_async_result_free(c->promise);
        c->promise = NULL;
        answer(c, result_size);
    }
    return ready != 0;
}

// Likewise. A note that was there becomes `last`.
static bool work(mp_cluster *cluster, const mp_pool_tasks *tasks,
                 mp_cluster_note *last)
{
    struct mp_cluster_chunk *idle = NULL;
    bool did = false;
    for (int i = 0; i < cluster->members[cluster->rank].workers; i++) {
        struct mp_cluster_chunk *c = &cluster->chunks[i];
        did |= check_chunk(cluster, c, tasks->result_size);
        if (c->promise == NULL && c->sent == MPI_REQUEST_NULL) {
            idle = c;
        }
    }
    int there = 0;
    if (idle != NULL) {
        MPI_Iprobe(0, CHUNK, mp_cluster_ranks, &there, MPI_STATUS_IGNORE);
    }
    if (there) {
        receive(last, sizeof *last, 0, CHUNK);
        if (last->count > 0) {
            take_chunk(cluster, tasks, idle, last);
        }
    }
    return did || there;
}

// ---- on rank 0: which rank gets which chunk -------------------------------

// The chunks are as large as Python's rule says, for the workers of all ranks.
static int begin(mp_cluster *cluster, const mp_pool_tasks *tasks)
{
    size_t parts = 0, count = tasks->count > 0 ? tasks->count : 1;
    for (int i = 0; i < cluster->size; i++) {
        parts += 4 * (size_t)cluster->members[i].workers;
        cluster->members[i].items = 0;
    }
    size_t size = tasks->chunksize != 0 ? tasks->chunksize
                                        : (count + parts - 1) / parts;
    size = size < count ? size : count;
    cluster->chunksize = size;
    cluster->given = cluster->over = 0;
    cluster->failed = 0;
    if (size * tasks->item_size > INT_MAX ||
        size * tasks->result_size > INT_MAX ||
        (tasks->items == NULL && tasks->item_size > 0) ||
        (tasks->results == NULL && tasks->result_size > 0)) {
        return mp_fail(EINVAL, "rank 0 needs items and results, and chunks "
                               "below 2 GiB");
    }
    free(cluster->failures);
    cluster->failures = calloc(count / size + 1, sizeof *cluster->failures);
    return cluster->failures != NULL ? 0
                                     : mp_fail(ENOMEM, "no memory for a map");
}

static void give(mp_cluster *cluster, const mp_pool_tasks *tasks, int rank)
{
    size_t left = tasks->count - cluster->given, size = cluster->chunksize;
    mp_cluster_note note = { .number = cluster->given / size,
                             .count = left < size ? left : size };
    MPI_Request sent;
    send(&note, rank, CHUNK);
    MPI_Isend((const char *)tasks->items + cluster->given * tasks->item_size,
              (int)(note.count * tasks->item_size), MPI_BYTE, rank, ITEMS,
              mp_cluster_ranks, &sent);
    MPI_Request_free(&sent);  // the answer says that they have arrived
    cluster->members[rank].busy++;
    cluster->members[rank].items += note.count;
    cluster->given += note.count;
}

// Results go to their places. Those of items that failed stay as they are.
static void take_answer(mp_cluster *cluster, const mp_pool_tasks *tasks,
                        int rank)
{
    mp_cluster_note note;
    receive(&note, sizeof note, rank, ANSWER);
    size_t first = note.number * cluster->chunksize;
    receive((char *)tasks->results + first * tasks->result_size,
            note.good * tasks->result_size, rank, RESULTS);
    note.failure.first += first;
    cluster->failures[note.number] = (mp_cluster_failure){
        note.failure, rank, cluster->members[rank].host };
    cluster->members[rank].busy--;
    cluster->over += note.count;
}

// Returns whether there was anything to do.
static bool serve(mp_cluster *cluster, const mp_pool_tasks *tasks)
{
    int there;
    MPI_Status status;
    MPI_Iprobe(MPI_ANY_SOURCE, ANSWER, mp_cluster_ranks, &there, &status);
    if (there) {
        take_answer(cluster, tasks, status.MPI_SOURCE);
    }
    bool did = there;
    for (int i = 0; i < cluster->size && cluster->given < tasks->count; i++) {
        if (cluster->members[i].busy < cluster->members[i].workers) {
            give(cluster, tasks, i);
            did = true;
        }
    }
    return did;
}

// ---- the call -------------------------------------------------------------

static int fail_as(const mp_cluster_failure *f)
{
    int error = f->failed.error, status = f->failed.status;
    bool killed = error == ECHILD && status < 0;
    char how[64];
    snprintf(how, sizeof how, "its %s %d",
             killed            ? "worker was killed by signal"
             : error == ECHILD ? "worker ended with status"
                               : "task returned", killed ? -status : status);
    return mp_fail(error, "item %zu failed on rank %d, %s: %s", f->failed.first,
                   f->rank, f->host,
                   error == ECHILD || error == EBADMSG ? how : strerror(error));
}

// Keeps of all chunks those that failed.
static int finish(mp_cluster *cluster)
{
    mp_cluster_failure *f = cluster->failures;
    for (size_t i = 0; i * cluster->chunksize < cluster->over; i++) {
        if (f[i].failed.error != 0) {
            f[cluster->failed++] = f[i];
        }
    }
    return cluster->failed > 0 ? fail_as(&f[0]) : 0;
}

// ---- on each rank: a map --------------------------------------------------

// What all ranks are told of a call on rank 0, and what they make of it.
static mp_cluster_note outcome(int result)
{
    mp_cluster_note note = { .failure.error = result == -1 ? errno : 0 };
    snprintf(note.why, sizeof note.why, "%s", mp_error());
    return note;
}

static int result_of(const mp_cluster_note *note)
{
    int error = note->failure.error;
    return error == 0 ? 0 : mp_fail(error, "%s", note->why);
}

static void release(mp_cluster *cluster)
{
    int workers = cluster->members[cluster->rank].workers;
    for (int i = 0; cluster->chunks != NULL && i < workers; i++) {
        struct mp_cluster_chunk *c = &cluster->chunks[i];
        MPI_Wait(&c->sent, MPI_STATUS_IGNORE);
        mp_shm_free(c->items);
        mp_shm_free(c->results);
    }
    free(cluster->chunks);
}

// All ranks have memory for their chunks then, or the map fails on all.
static int prepare(mp_cluster *cluster, const mp_pool_tasks *tasks)
{
    mp_cluster_note note =
        outcome(cluster->rank == 0 ? begin(cluster, tasks) : 0);
    note.count = cluster->chunksize;
    MPI_Request all;
    MPI_Ibcast(&note, sizeof note, MPI_BYTE, 0, mp_cluster_ranks, &all);
    mp_cluster_await(&all);
    if (result_of(&note) == -1) {
        return -1;
    }
    int workers = cluster->members[cluster->rank].workers;
    cluster->chunks = calloc((size_t)workers, sizeof *cluster->chunks);
    int missing = cluster->chunks == NULL, anywhere;
    for (int i = 0; cluster->chunks != NULL && i < workers; i++) {
        struct mp_cluster_chunk *c = &cluster->chunks[i];
        c->sent = MPI_REQUEST_NULL;
        c->items = mp_shm_alloc(note.count * tasks->item_size);
        c->results = mp_shm_alloc(note.count * tasks->result_size);
        missing |= c->items == NULL || c->results == NULL;
    }
    MPI_Iallreduce(&missing, &anywhere, 1, MPI_INT, MPI_MAX, mp_cluster_ranks,
                   &all);
    mp_cluster_await(&all);
    if (anywhere) {
        release(cluster);
        return mp_fail(ENOMEM, "a rank has no memory for its chunks");
    }
    return 0;
}

int mp_cluster_map_with(mp_cluster *cluster, const mp_pool_tasks *tasks)
{
    if (prepare(cluster, tasks) == -1) {
        return -1;
    }
    bool serving = cluster->rank == 0;
    mp_cluster_note last = { .count = 1 };
    double pause = 0;
    while (last.count > 0) {
        bool did = work(cluster, tasks, &last);
        did |= serving && serve(cluster, tasks);
        if (serving && cluster->over == tasks->count) {
            mp_cluster_note note = outcome(finish(cluster));
            for (int i = 0; i < cluster->size; i++) {
                send(&note, i, CHUNK);
            }
            serving = false;
        }
        pause = did ? 0 : mp_cluster_rest(pause);
    }
    release(cluster);
    return result_of(&last);
}

#endif
