#include "base/platform.h"

#include "cluster/internal.h"

#ifdef MP_OPENMPI

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "base/error.h"
#include "memory/shm.h"

// Rank 0 gives a chunk: a note and its items. The last note of a map has the
// count 0, and what failed first. A rank answers with a note and results: so
// many items are good, and those after them failed, if `failure` has any.
typedef struct {
    size_t first, count;
    mp_pool_failure failure;
    int rank;
} note;

static void send(const void *list, size_t first, size_t count, size_t size,
                 int rank)
{
    MPI_Send((const char *)list + first * size, (int)(count * size), MPI_BYTE,
             rank, 0, mp_cluster_ranks);
}

static void receive(void *list, size_t first, size_t count, size_t size,
                    int rank)
{
    MPI_Recv((char *)list + first * size, (int)(count * size), MPI_BYTE, rank,
             0, mp_cluster_ranks, MPI_STATUS_IGNORE);
}

// ---- on rank 0: which rank gets which chunk -------------------------------

static note next_chunk(mp_cluster *cluster, int rank)
{
    size_t left = cluster->left, most = cluster->chunksize;
    note n = { .first = cluster->tasks->count - left,
               .count = left < most ? left : most };
    cluster->left -= n.count;
    cluster->members[rank].not_over = n.count;
    cluster->members[rank].items += n.count;
    return n;
}

// Keeps failures in the order of the items.
static void count_over(mp_cluster *cluster, const note *n)
{
    struct mp_cluster_member *m = &cluster->members[n->rank];
    m->not_over -= n->count + n->failure.count;
    cluster->not_over -= n->count + n->failure.count;
    if (n->failure.count > 0) {
        mp_cluster_failure *f = &cluster->failures[cluster->failed++];
        size_t first = n->failure.first;
        for (; f > cluster->failures && f[-1].failed.first > first; f--) {
            *f = f[-1];
        }
        *f = (mp_cluster_failure){ n->failure, n->rank, m->host };
    }
}

// Takes the answers that are there, and gives chunks to other ranks.
static void deal(mp_cluster *cluster)
{
    const mp_pool_tasks *t = cluster->tasks;
    int there;
    MPI_Status from;
    note n;
    while (MPI_Iprobe(MPI_ANY_SOURCE, 0, mp_cluster_ranks, &there, &from),
           there) {
        receive(&n, 0, 1, sizeof n, from.MPI_SOURCE);
        receive(t->results, n.first, n.count, t->result_size, n.rank);
        count_over(cluster, &n);
    }
    for (int i = 1; i < cluster->size && cluster->left > 0; i++) {
        if (cluster->members[i].not_over == 0) {
            n = next_chunk(cluster, i);
            send(&n, 0, 1, sizeof n, i);
            send(t->items, n.first, n.count, t->item_size, i);
        }
    }
}

// ---- on each rank: a map --------------------------------------------------

// Items of the chunk are good from `from` on, up to those of `failure`. Results
// of these are not sent: rank 0 keeps what is in their places.
static void answer(mp_cluster *cluster, size_t first, size_t from,
                   mp_pool_failure failure)
{
    note n = { first + from, failure.first - from, failure, cluster->rank };
    n.failure.first += first;
    if (n.rank == 0) {
        count_over(cluster, &n);
    } else {
        send(&n, 0, 1, sizeof n, 0);
        send(cluster->chunk.results, from, n.count, cluster->chunk.result_size,
             0);
    }
}

// Runs a chunk in the pool, and blocks until it is over.
static void run(mp_cluster *cluster, const note *n)
{
    cluster->chunk.count = n->count;
    mp_async_result *promise =
        mp_pool_map_async_with(cluster->pool, &cluster->chunk);
    mp_pool_failure f = { .count = n->count, .error = errno };
    if (promise == NULL) {
        answer(cluster, n->first, 0, f);
        return;
    }
    int error = ECANCELED;
    while (mp_async_result_wait(promise, MP_CLUSTER_PAUSE) == -1) {
        if (errno != ETIMEDOUT) {
            error = errno;  // no worker is left: the rest is canceled
            mp_pool_terminate(cluster->pool);
        } else if (cluster->rank == 0) {
            deal(cluster);
        }
    }
    mp_async_result_get(promise, NULL, MP_FOREVER);
    size_t from = 0;
    for (int i = 0; from < n->count; i++) {
        f = (mp_pool_failure){ .first = n->count };
        mp_async_result_failure(promise, i, &f);
        f.error = f.error == ECANCELED ? error : f.error;
        answer(cluster, n->first, from, f);
        from = f.first + f.count;
    }
    mp_async_result_free(promise);
}

// Returns the last note of the map, which another rank receives.
static note serve(mp_cluster *cluster)
{
    mp_pool_tasks *c = &cluster->chunk;
    for (note n;;) {
        MPI_Request there;
        MPI_Irecv(&n, sizeof n, MPI_BYTE, 0, 0, mp_cluster_ranks, &there);
        mp_cluster_await(there);
        if (n.count == 0) {
            return n;
        }
        receive((void *)c->items, 0, n.count, c->item_size, 0);
        run(cluster, &n);
    }
}

// Likewise, on rank 0.
static note lead(mp_cluster *cluster)
{
    const mp_pool_tasks *t = cluster->tasks;
    mp_pool_tasks *c = &cluster->chunk;
    while (cluster->not_over > 0) {
        deal(cluster);
        if (cluster->left > 0) {
            note n = next_chunk(cluster, 0);
            c->items = (const char *)t->items + n.first * t->item_size;
            c->results = (char *)t->results + n.first * t->result_size;
            run(cluster, &n);
        } else {
            mp_cluster_await(MPI_REQUEST_NULL);
        }
    }
    note last = { .count = 0 };
    if (cluster->failed > 0) {
        last.failure = cluster->failures[0].failed;
        last.rank = cluster->failures[0].rank;
    }
    for (int i = 1; i < cluster->size; i++) {
        send(&last, 0, 1, sizeof last, i);
    }
    return last;
}

// ---- the call -------------------------------------------------------------

static size_t choose_chunksize(const mp_cluster *cluster)
{
    const mp_pool_tasks *t = cluster->tasks;
    size_t parts = 4 * (size_t)cluster->size;
    size_t count = t->count > 0 ? t->count : 1;
    size_t size = t->chunksize > 0 ? t->chunksize : (count + parts - 1) / parts;
    size = size < count ? size : count;
    bool wrong = (t->items == NULL && t->item_size > 0) ||
                 (t->results == NULL && t->result_size > 0) ||
                 size > INT_MAX / (t->item_size + t->result_size + 1);
    return wrong ? 0 : size;
}

// All ranks have memory for a chunk then, or the map fails on all.
static int prepare(mp_cluster *cluster)
{
    mp_pool_tasks *c = &cluster->chunk;
    MPI_Request all;
    size_t size = choose_chunksize(cluster);
    MPI_Ibcast(&size, sizeof size, MPI_BYTE, 0, mp_cluster_ranks, &all);
    mp_cluster_await(all);
    if (size == 0) {
        return mp_fail(EINVAL, "rank 0 needs items and results, and chunks "
                               "below 2 GiB");
    }
    bool missing;
    if (cluster->rank == 0) {  // it runs chunks in place
        size_t chunks = cluster->tasks->count / size + 1;
        size_t parts = 4 * MP_BOARD_WORKERS;  // a pool makes so many at most
        cluster->failures = calloc(chunks * (size < parts ? size : parts),
                                   sizeof *cluster->failures);
        cluster->chunksize = size;
        cluster->left = cluster->not_over = cluster->tasks->count;
        missing = cluster->failures == NULL;
    } else {
        c->items = c->item_size > 0 ? mp_shm_alloc(size * c->item_size) : NULL;
        c->results = mp_shm_alloc(size * c->result_size);
        missing = (c->item_size > 0 && c->items == NULL) || c->results == NULL;
    }
    MPI_Allreduce(MPI_IN_PLACE, &missing, 1, MPI_C_BOOL, MPI_LOR,
                  mp_cluster_ranks);
    return missing ? mp_fail(ENOMEM, "a rank has no memory for a chunk") : 0;
}

int mp_cluster_map_with(mp_cluster *cluster, const mp_pool_tasks *tasks)
{
    mp_pool_tasks *c = &cluster->chunk;
    *c = (mp_pool_tasks){ .function = tasks->function,
                          .item_size = tasks->item_size,
                          .result_size = tasks->result_size };
    cluster->tasks = tasks;
    cluster->failed = 0;
    free(cluster->failures);
    cluster->failures = NULL;
    for (int i = 0; i < cluster->size; i++) {
        cluster->members[i].items = 0;
    }
    note last = { .count = 0 };
    int got = prepare(cluster);
    if (got == 0) {
        last = cluster->rank == 0 ? lead(cluster) : serve(cluster);
    }
    if (cluster->rank > 0) {
        mp_shm_free((void *)c->items);
        mp_shm_free(c->results);
    }
    const mp_pool_failure *f = &last.failure;
    return f->error == 0
               ? got
               : mp_fail(f->error, "item %zu failed on rank %d, %s: %s, status "
                         "%d", f->first, last.rank,
                         cluster->members[last.rank].host,
                         strerror(f->error), f->status);
}

#endif
