// cluster.h - a pool's map on several machines, over Open MPI. Lesson 22.
// Python's multiprocessing has none. Then read internal.h, map.c and cluster.c.
//
//     mp_main(argc, argv);
//     mp_cluster *cluster = mp_cluster_new(.processes = 4);
//     mp_cluster_map(cluster, square, MP_ITEMS(numbers), MP_RESULTS(squares));
//     if (mp_cluster_rank(cluster) == 0) { .. the squares are here .. }
//     mp_cluster_free(cluster);
//
// `mpirun --host one,two ./program` runs the program on two machines. Each copy
// is a rank, with a number from 0 on. All ranks make the same calls in the same
// order, so a function needs no name that is valid on another machine. Rank 0
// has the items and gets the results. It gives each idle rank a chunk of items.
// A rank runs it in a pool of its own, which cuts it further, as Python's does.
//
// A map fails on all ranks, with the same error and sentence. If a worker is
// killed, items fail as in a pool. A rank that has no worker left and can start
// none fails all that it is given from then on. If a whole rank ends before
// mp_cluster_free, Open MPI ends the others.
//
// A rank without anything to do looks for messages every MP_CLUSTER_PAUSE
// seconds, and sleeps in between. (MPI's own waits take a CPU.) One thread of a
// rank uses the cluster, always the same.
//
// MPI begins threads, and gives memory to network cards. So the pool is made
// before MPI begins. A worker that replaces a dead one is started later: under
// fork it is a copy of a rank, but does nothing with MPI. On a network with
// RDMA (InfiniBand) even a copy may do harm: there, give the option
// .context = mp_get_context("forkserver"), which copies no rank.

#ifndef MP_CLUSTER_H
#define MP_CLUSTER_H

#include "pool/pool.h"

#define MP_CLUSTER_PAUSE 0.001

typedef struct mp_cluster mp_cluster;

// Blocks until all ranks call it. The options are those of this rank's pool. A
// program has one cluster, once; it may have begun MPI itself.
// NULL on failure: as mp_pool_new; EINVAL for a second one, or after MPI's end;
// ENOSYS where the library was built without Open MPI. Then end the rank.
#define mp_cluster_new(...) \
    mp_cluster_new_with(&(mp_pool_options){ .nothing = 0, __VA_ARGS__ })
mp_cluster *mp_cluster_new_with(const mp_pool_options *options);

// Which rank this is, how many there are, and the name of a rank's machine.
int mp_cluster_rank(const mp_cluster *cluster);
int mp_cluster_size(const mp_cluster *cluster);
const char *mp_cluster_host(const mp_cluster *cluster, int rank);

// Blocks until all items are over, also if some fail. The function and the
// sizes are the same on all ranks; items, results and .chunksize are rank 0's.
// A chunk has, by default, the items divided by 4 times the ranks, rounded up.
// One with fewer items than a rank has workers leaves some of them idle.
// Errors: as mp_pool_map, of the first item that failed. Before any item is
// given: ENOMEM if a rank has no memory for a chunk; EINVAL without items or
// results that have a size, and for a chunk of 2 GiB or more with its results.
#define mp_cluster_map(cluster, ...) \
    mp_cluster_map_with((cluster), MP_POOL_TASKS(false, __VA_ARGS__))
int mp_cluster_map_with(mp_cluster *cluster, const mp_pool_tasks *tasks);

// On rank 0: how many items of the last map a rank was given.
size_t mp_cluster_items(const mp_cluster *cluster, int rank);

// On rank 0: items of the last map that failed together, and on which rank and
// machine; from index 0 on, in the items' order. EINVAL where no more failed.
typedef struct {
    mp_pool_failure failed;
    int rank;
    const char *host;
} mp_cluster_failure;
int mp_cluster_failed(const mp_cluster *cluster, int index,
                      mp_cluster_failure *failure);

// Blocks until all ranks call it. Ends the pool, and MPI if new began it.
void mp_cluster_free(mp_cluster *cluster);

#endif
