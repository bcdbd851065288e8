// internal.h - what cluster.c and map.c share.

#ifndef MP_CLUSTER_INTERNAL_H
#define MP_CLUSTER_INTERNAL_H

#include "cluster/cluster.h"

struct mp_cluster {
    bool began_mpi;
    int rank, size;
    mp_pool *pool;
    const mp_pool_tasks *tasks;  // of a map
    mp_pool_tasks chunk;         // what the pool has to do of them

    // On rank 0, of the last map: how many items a chunk has, no rank has been
    // given, and are not over.
    size_t chunksize, left, not_over;
    mp_cluster_failure *failures;
    int failed;
    struct mp_cluster_member {
        char host[256];
        size_t items, not_over;  // given to this rank; of these, not over
    } members[];
};

#ifdef MP_OPENMPI
#include <mpi.h>

extern MPI_Comm mp_cluster_ranks;  // for the library's messages alone

// Sleeps, at least once, until the request is over. (MPI's own waits take a
// CPU from the workers.)
void mp_cluster_await(MPI_Request request);
#endif

#endif
