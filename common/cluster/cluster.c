#include "base/platform.h"

#include "cluster/internal.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "base/cpus.h"
#include "base/error.h"

#ifdef MP_OPENMPI

MPI_Comm mp_cluster_ranks;

double mp_cluster_rest(double pause)
{
    double longer = pause * 2 + MP_CLUSTER_PAUSE / 100;
    pause = longer < MP_CLUSTER_PAUSE ? longer : MP_CLUSTER_PAUSE;
    nanosleep(&(struct timespec){ .tv_nsec = (long)(pause * 1e9) }, NULL);
    return pause;
}

void mp_cluster_await(MPI_Request *request)
{
    int over = 0;
    for (double pause = 0; !over; pause = mp_cluster_rest(pause)) {
        MPI_Test(request, &over, MPI_STATUS_IGNORE);
    }
}

// ---- a cluster's life -----------------------------------------------------

static mp_cluster *new_cluster(int workers)
{
    int size, length;
    MPI_Comm_size(mp_cluster_ranks, &size);
    mp_cluster *cluster = calloc(1, sizeof *cluster + (size_t)size *
                                        sizeof *cluster->members);
    if (cluster == NULL) {
        mp_fail(ENOMEM, "no memory for a cluster");
        return NULL;
    }
    cluster->size = size;
    MPI_Comm_rank(mp_cluster_ranks, &cluster->rank);
    struct mp_cluster_member own = { .workers = workers };
    _Static_assert(sizeof own.host >= MPI_MAX_PROCESSOR_NAME, "as MPI wants");
    MPI_Get_processor_name(own.host, &length);
    MPI_Allgather(&own, sizeof own, MPI_BYTE, cluster->members, sizeof own,
                  MPI_BYTE, mp_cluster_ranks);
    return cluster;
}

mp_cluster *mp_cluster_new_with(const mp_pool_options *options)
{
    static bool made;
    int begun, ended, level;
    MPI_Initialized(&begun);
    MPI_Finalized(&ended);
    if (made || ended) {
        mp_fail(EINVAL, "a program has one cluster, once, before MPI ends");
        return NULL;
    }
    mp_pool *pool = mp_pool_new_with(options);
    if (pool == NULL) {
        return NULL;
    }
    if (!begun) {
        MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &level);
    }
    MPI_Comm_dup(MPI_COMM_WORLD, &mp_cluster_ranks);
    mp_cluster *cluster = new_cluster(options->processes != 0
                                          ? options->processes
                                          : mp_usable_cpu_count());
    if (cluster == NULL) {
        mp_pool_free(pool);
        errno = ENOMEM;
        return NULL;
    }
    made = true;
    cluster->began_mpi = !begun;
    cluster->pool = pool;
    return cluster;
}

// MPI_Finalize waits for all ranks, too, but with a CPU for each.
void mp_cluster_free(mp_cluster *cluster)
{
    if (cluster == NULL) {
        return;
    }
    MPI_Request all;
    MPI_Ibarrier(mp_cluster_ranks, &all);
    mp_cluster_await(&all);
    mp_pool_free(cluster->pool);
    MPI_Comm_free(&mp_cluster_ranks);
    if (cluster->began_mpi) {
        MPI_Finalize();
    }
    free(cluster->failures);
    free(cluster);
}

#else

static int missing(const char *call)
{
    return mp_fail(ENOSYS, "%s needs Open MPI: install libopenmpi-dev and "
                   "openmpi-bin (make deps), and build again", call);
}

mp_cluster *mp_cluster_new_with(const mp_pool_options *options)
{
    (void)options;
    missing("mp_cluster_new");
    return NULL;
}

int mp_cluster_map_with(mp_cluster *cluster, const mp_pool_tasks *tasks)
{
    (void)cluster, (void)tasks;
    return missing("mp_cluster_map");
}

void mp_cluster_free(mp_cluster *cluster)
{
    (void)cluster;
}

#endif

// ---- what is asked about it -----------------------------------------------

int mp_cluster_rank(const mp_cluster *cluster)
{
    return cluster->rank;
}

int mp_cluster_size(const mp_cluster *cluster)
{
    return cluster->size;
}

const char *mp_cluster_host(const mp_cluster *cluster, int rank)
{
    return cluster->members[rank].host;
}

size_t mp_cluster_items(const mp_cluster *cluster, int rank)
{
    return cluster->members[rank].items;
}

int mp_cluster_failed(const mp_cluster *cluster, int index,
                      mp_cluster_failure *failure)
{
    if (index < 0 || index >= cluster->failed) {
        return mp_fail(EINVAL, "there is no such failure");
    }
    *failure = cluster->failures[index];
    return 0;
}
