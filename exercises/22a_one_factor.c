// # A factor that rank 0 alone knows
//
// Two ranks multiply four numbers, from `first` on, by `factor`. Rank 0
// alone knows the factor, as if it had read it from a file of its own
// machine: on the other ranks `factor` is 0. `mp_cluster_map` does the
// work, and each rank does some of the items. Only rank 0 prints: the
// products, and how many items each rank did. With the numbers from 1
// on and the factor 3, on a machine called vm, it prints:
//
//     rank 0 has [3, 6, 9, 12]
//     3 items by rank 0 on vm
//     1 items by rank 1 on vm
//
// (How the items are shared out varies.) The function that multiplies
// refuses a number above 100: it returns 1. Where items fail, rank 0
// prints a line for each failure, and no products, and the program
// still ends with status 0. With the numbers from 101 on:
//
//     item 0 failed on rank 1, vm
//     item 1 failed on rank 0, vm
//     item 2 failed on rank 0, vm
//     item 3 failed on rank 0, vm
//
// Write your part: the function, and `run`, which makes the cluster
// with one worker for each rank, and frees it. All ranks call `run`. So
// far rank 0 does it all alone. `make try-22a` runs your program by
// `mpirun -np 2`. That needs Open MPI, which `make deps` installs.

#include "lesson.h"

static void print_list(const mp_cluster *cluster, const int list[4])
{
    printf("rank %d has [%d, %d, %d, %d]\n", mp_cluster_rank(cluster),
           list[0], list[1], list[2], list[3]);
}

static void print_ranks(const mp_cluster *cluster)
{
    for (int rank = 0; rank < mp_cluster_size(cluster); rank++) {
        printf("%zu items by rank %d on %s\n",
               mp_cluster_items(cluster, rank), rank,
               mp_cluster_host(cluster, rank));
    }
}

// ---- your part
static void run(int first, int factor)
{
    mp_cluster *cluster = mp_cluster_new(.processes = 1);
    check(cluster);
    int products[4];
    for (int i = 0; i < 4; i++) {
        products[i] = (first + i) * factor;
    }
    if (mp_cluster_rank(cluster) == 0) {
        print_list(cluster, products);
        print_ranks(cluster);
    }
    mp_cluster_free(cluster);
}
// ---- end of your part

int main(int argc, char **argv)
{
    double numbers[2] = { 1, 3 };
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[first] [factor]", numbers, 2);
    const char *rank = getenv("OMPI_COMM_WORLD_RANK");
    bool is_first = rank == NULL || strcmp(rank, "0") == 0;
    run((int)numbers[0], is_first ? (int)numbers[1] : 0);
}
