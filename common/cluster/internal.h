// internal.h - what cluster.c and map.c share.

#ifndef MP_CLUSTER_INTERNAL_H
#define MP_CLUSTER_INTERNAL_H

#include "cluster/cluster.h"

struct mp_cluster {
    bool began_mpi;
    int rank, size;
    mp_pool *pool;
    struct mp_cluster_chunk *chunks;  // in a map: for each worker of this rank

    // On rank 0, of the last map: items of a chunk, those that were given, and
    // that are over; a failure for each chunk, in the end those with an error.
    size_t chunksize, given, over;
    mp_cluster_failure *failures;
    int failed;

    struct mp_cluster_member {
        char host[256];
        int workers;
        int busy;      // on rank 0: so many of its workers have a chunk
        size_t items;  // on rank 0: given to it in the last map
    } members[];
};

#ifdef MP_OPENMPI
#include <mpi.h>

// The messages of the library, apart from those of the program.
extern MPI_Comm mp_cluster_ranks;

// What rank 0 says of a chunk that it gives, and a rank of one that is over.
// The first note of a map says how large chunks are, the last has no items.
typedef struct {
    size_t number, count;     // of the chunk, of its items
    size_t good;              // the first items, whose results follow
    mp_pool_failure failure;  // of the others; .error is 0 if there are none
    char why[256];            // of a map that failed
} mp_cluster_note;

// A chunk on the rank that runs it.
struct mp_cluster_chunk {
    mp_async_result *promise;  // NULL: it is over
    mp_cluster_note note;
    char *items, *results;     // in shared memory, during a map
    MPI_Request sent;          // the results
};

// Sleeps longer than `pause`, which begins as 0, and returns how long.
double mp_cluster_rest(double pause);

// Waits until the request is over, in such sleeps.
void mp_cluster_await(MPI_Request *request);
#endif

#endif
