// # The same squares on many machines
//
// The notes begin with "local and remote concurrency", and then stay on
// one machine. Here lesson 13's squares are computed on several, over
// Open MPI. Python's `multiprocessing` has no map for several machines.
// Watch who has done how many items: this varies from run to run, and
// the squares do not.
//
// Open MPI's `mpirun` starts this program several times. Each copy is
// called a rank, and has a number from 0 on. `make lesson-22` starts
// four ranks on this machine, by `mpirun --oversubscribe -np 4` and the
// path of the program (`--oversubscribe`: also on fewer CPUs). To start
// one on each of two machines, name them: `mpirun --host one,two`, and
// the path. Both need Open MPI and the program at the same path, and
// `ssh one` and `ssh two` must work without a password.

#include "lesson.h"

// Lesson 13's function. Rank 0 does not send it: each rank has it in
// its own copy of the program.
struct func_args {
    int num;
    double seconds;
};

static int func(const void *arg, void *result)
{
    const struct func_args *given = arg;
    time_sleep(given->seconds);
    *(int *)result = given->num * given->num;
    return 0;
}

static void print_list(const int list[10])
{
    for (int i = 0; i < 10; i++) {
        printf("%s%d", i == 0 ? "[" : ", ", list[i]);
    }
    printf("]\n");
}

static void print_ranks(const mp_cluster *cluster)
{
    for (int rank = 0; rank < mp_cluster_size(cluster); rank++) {
        printf("%zu items by rank %d on %s\n",
               mp_cluster_items(cluster, rank), rank,
               mp_cluster_host(cluster, rank));
    }
}

// All ranks run all of main, and call `mp_cluster_map` together. It
// reads the list of rank 0 and writes the squares of rank 0; the arrays
// of the other ranks are not used. So only rank 0 prints. A rank takes
// a chunk of two items at once, one for each worker of its pool.
int main(int argc, char **argv)
{
    double seconds = 0.2;
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[seconds]", &seconds, 1);

    mp_cluster *cluster = mp_cluster_new(.processes = 2);
    check(cluster);
    struct func_args lst[10];
    int squares[10];
    for (int i = 0; i < 10; i++) {
        lst[i] = (struct func_args){ i + 1, seconds };
    }
    check(mp_cluster_map(cluster, func, MP_ITEMS(lst),
                         MP_RESULTS(squares), .chunksize = 2));
    if (mp_cluster_rank(cluster) == 0) {
        print_list(squares);
        print_ranks(cluster);
    }
    mp_cluster_free(cluster);
}

// ## What happens underneath
//
// Each rank has a pool of two workers (lesson 12), which share memory.
// Two machines share none, so ranks exchange messages:
//
// - Rank 0 sends each idle rank a chunk of two items (`deal()` in
//   `common/cluster/map.c`). It takes some itself: its own workers
//   get items like all others.
// - A rank runs its chunk in its pool, by `mp_pool_map_async`, and
//   waits (`run()` in `common/cluster/map.c`). Rank 0 looks for
//   messages meanwhile.
// - Once the chunk is over, the rank sends the squares to rank 0, which
//   receives them into their places in `squares`, and sends the next
//   chunk.
//
// So a fast machine does more items than a slow one. Without
// `.chunksize`, there are about four chunks for each rank. A rank
// without anything to do sleeps, and looks for messages every
// `MP_CLUSTER_PAUSE` seconds.
//
// Python's own way to other machines is a manager, a process that
// listens on a TCP port. In the original it has two queues. Each rank
// connects to it, proves that it has the key (lesson 21), takes items
// and puts squares, one at a time and without a pool. Nothing starts
// ranks on other machines: the original starts them here. If one is
// killed, its item is lost, and the program waits for ever.
//
// If a worker is killed, its item fails, and `mp_cluster_failed` says
// which, and on which rank and machine. If a whole rank ends before
// `mp_cluster_free`, Open MPI ends all the others.
//
// ## Try this
//
// - Run it by `mpirun -np 1`, 2 and 3, with `--oversubscribe` if there
//   are fewer CPUs. (A root user needs `--allow-run-as-root`, too.) Is
//   the first line the same each time?
// - Let `func` kill its worker by `raise(SIGKILL)` where the number is
//   5. What does each rank print?
// - Make the list 100 items long, and let `func` sleep ten times as
//   long where `getenv` finds that `OMPI_COMM_WORLD_RANK` is "1". How
//   many items does rank 1 do now?
