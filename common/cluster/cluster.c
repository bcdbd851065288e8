#include "base/platform.h"

#include "cluster/internal.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "base/error.h"

// ---- a cluster's life -----------------------------------------------------

#ifdef MP_OPENMPI

MPI_Comm mp_cluster_ranks;

void mp_cluster_await(MPI_Request request)
{
    struct timespec pause = { .tv_nsec = MP_CLUSTER_PAUSE * 1e9 };
    for (int over = 0; !over;) {
        nanosleep(&pause, NULL);
        MPI_Test(&request, &over, MPI_STATUS_IGNORE);
    }
}

mp_cluster *mp_cluster_new_with(const mp_pool_options *options)
{
    static bool made;
    int begun, ended, level, size;
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
    made = true;
    if (!begun) {
        MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &level);
    }
    MPI_Comm_dup(MPI_COMM_WORLD, &mp_cluster_ranks);
    MPI_Comm_size(mp_cluster_ranks, &size);
    mp_cluster *cluster = calloc(1, sizeof *cluster + (size_t)size *
                                        sizeof *cluster->members);
    if (cluster == NULL) {
        mp_pool_free(pool);
        mp_fail(ENOMEM, "no memory for a cluster");
        return NULL;
    }
    cluster->began_mpi = !begun;
    cluster->size = size;
    cluster->pool = pool;
    MPI_Comm_rank(mp_cluster_ranks, &cluster->rank);
    MPI_Get_processor_name(cluster->members[cluster->rank].host, &level);
    MPI_Allgather(MPI_IN_PLACE, 0, MPI_BYTE, cluster->members,
                  sizeof *cluster->members, MPI_BYTE, mp_cluster_ranks);
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
    mp_cluster_await(all);
    mp_pool_free(cluster->pool);
    MPI_Comm_free(&mp_cluster_ranks);
    if (cluster->began_mpi) {
        MPI_Finalize();
    }
    free(cluster->failures);
    free(cluster);
}

#else

mp_cluster *mp_cluster_new_with(const mp_pool_options *options)
{
    (void)options;
    mp_fail(ENOSYS, "mp_cluster_new needs Open MPI: install libopenmpi-dev and "
                    "openmpi-bin (make deps), and build again");
    return NULL;
}

int mp_cluster_map_with(mp_cluster *cluster, const mp_pool_tasks *tasks)
{
    (void)cluster, (void)tasks;
    return mp_fail(ENOSYS, "mp_cluster_map needs Open MPI");
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
