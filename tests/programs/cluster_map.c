// One program text for any number of ranks: what it prints is the same for all.
// It ends all ranks where something is not as it should be.
//
//     cluster_map           maps of all kinds
//     cluster_map memory    the last rank has no shared memory left
//     cluster_map kill 300  so many items, of which every tenth kills its worker
//     cluster_map die       an item kills the rank whose worker has it

#include "lesson.h"

#include <signal.h>
#include <sys/resource.h>

enum { MANY = 1000, BIG = 200000 };

static mp_cluster *cluster;
static bool first;  // rank 0
static char big[30][BIG], turned[30][BIG];

static void expect(bool right, const char *what)
{
    if (!right) {
        fprintf(stderr, "rank %d: not so: %s (%s)\n", mp_cluster_rank(cluster),
                what, mp_error());
        exit(1);
    }
}

// ---- tasks ----------------------------------------------------------------

static int square(const void *arg, void *result)
{
    long number = *(const long *)arg;
    *(long *)result = number * number;
    return 0;
}

static int square_or_not(const void *arg, void *result)
{
    long number = *(const long *)arg;
    if (number == -2) {
        raise(SIGKILL);
    } else if (number == -3) {
        exit(7);
    }
    return number == -1 ? 42 : square(arg, result);
}

static int turn_round(const void *arg, void *result)
{
    for (int i = 0; i < BIG; i++) {
        ((char *)result)[i] = ((const char *)arg)[BIG - 1 - i];
    }
    return 0;
}

static int seven(const void *arg, void *result)
{
    (void)arg;
    *(long *)result = 7;
    return 0;
}

static int nap(const void *arg, void *result)
{
    (void)result;
    time_sleep(*(const double *)arg);
    return 0;
}

static int kill_rank(const void *arg, void *result)
{
    if (*(const long *)arg == 1) {
        kill(getppid(), SIGKILL);
    }
    time_sleep(100);
    return square(arg, result);
}

// ---- maps -----------------------------------------------------------------

static void print_all(const char *name, const long *values, int count)
{
    if (first) {
        printf("%s:", name);
        for (int i = 0; i < count; i++) {
            printf(" %ld", values[i]);
        }
        printf("\n");
    }
}

static void map_well(void)
{
    static long numbers[MANY], squares[MANY];
    for (int i = 0; first && i < MANY; i++) {
        numbers[i] = i + 1;
    }
    check(mp_cluster_map(cluster, square, MP_ITEMS(numbers),
                         MP_RESULTS(squares)));
    print_all("many", squares, MANY);
    memset(squares, 0, sizeof squares);
    check(mp_cluster_map(cluster, square, MP_ITEMS(numbers),
                         MP_RESULTS(squares), .chunksize = 3));
    print_all("in chunks of 3", squares, MANY);
    check(mp_cluster_map(cluster, square, MP_ITEMS_AT(numbers, 1),
                         MP_RESULTS_AT(squares)));
    print_all("one", squares, 1);
    check(mp_cluster_map(cluster, square, MP_ITEMS_AT(numbers, 0),
                         MP_RESULTS_AT(squares)));
    print_all("none", squares, 0);
    check(mp_cluster_map(cluster, seven, .count = 5, MP_RESULTS(squares)));
    print_all("without an argument", squares, 5);
}

static void map_big(void)
{
    for (int i = 0; first && i < 30 * BIG; i++) {
        big[i / BIG][i % BIG] = (char)(i % 251);
    }
    check(mp_cluster_map(cluster, turn_round, MP_ITEMS(big),
                         MP_RESULTS(turned)));
    for (int i = 0; i < 30 * BIG; i++) {
        expect(turned[i / BIG][i % BIG] == big[i / BIG][BIG - 1 - i % BIG],
               "big items come back");
    }
}

// Where an item runs, and as which process, differs from run to run.
static int print_failures(void)
{
    int i = 0;
    for (mp_cluster_failure f; mp_cluster_failed(cluster, i, &f) == 0; i++) {
        expect(f.rank >= 0 && f.rank < mp_cluster_size(cluster) &&
               strcmp(f.host, mp_cluster_host(cluster, f.rank)) == 0 &&
               (f.failed.worker > 0) == (f.failed.error == ECHILD),
               "a failure has its rank, host and worker");
        printf("%zu to %zu: %s, status %d\n", f.failed.first,
               f.failed.first + f.failed.count - 1, strerror(f.failed.error),
               f.failed.status);
    }
    return i;
}

static void map_badly(void)
{
    long numbers[] = { 5, -2, 6, -1, -3, -2, 7, 8 }, squares[8];
    memset(squares, -1, sizeof squares);
    int got = mp_cluster_map(cluster, square_or_not, MP_ITEMS(numbers),
                             MP_RESULTS(squares), .chunksize = 4);
    expect(got == -1 && errno == ECHILD, "all ranks fail alike");
    expect(strstr(mp_error(), "item 1 failed on rank ") != NULL &&
           strstr(mp_error(), ": No child processes, status -9") != NULL,
           "all ranks have the sentence");
    expect(print_failures() == (first ? 4 : 0), "four items failed");
    print_all("some", squares, 8);
    got = mp_cluster_map(cluster, square, .item_size = 8, .count = 1,
                         MP_RESULTS(squares));
    expect(got == -1 && errno == EINVAL, "items are needed");
}

// One worker of one rank sleeps. What have all ranks to do meanwhile?
static void map_idly(void)
{
    double naps[] = { 1 };
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    check(mp_cluster_map(cluster, nap, MP_ITEMS(naps)));
    getrusage(RUSAGE_SELF, &after);
    long used = 1000000 * (after.ru_utime.tv_sec - before.ru_utime.tv_sec +
                           after.ru_stime.tv_sec - before.ru_stime.tv_sec) +
                after.ru_utime.tv_usec - before.ru_utime.tv_usec +
                after.ru_stime.tv_usec - before.ru_stime.tv_usec;
    expect(used < 500000, "a rank that waits leaves the CPU to others");
    size_t items = 0;
    for (int i = 0; first && i < mp_cluster_size(cluster); i++) {
        items += mp_cluster_items(cluster, i);
    }
    expect(items == first, "the items of the last map are counted");
}

// No rank has begun anything.
static void map_without_memory(void)
{
    int last = mp_cluster_size(cluster) - 1;
    for (size_t size = (size_t)1 << 40;
         size > 0 && mp_cluster_rank(cluster) == last; size /= 2) {
        while (mp_shm_alloc(size) != NULL) {
        }
    }
    int got = mp_cluster_map(cluster, turn_round, MP_ITEMS(big),
                             MP_RESULTS(turned));
    expect(got == -1 && errno == ENOMEM, "all ranks fail alike");
    expect(mp_cluster_items(cluster, 0) == 0, "nothing was given");
}

static void map_kills(int count)
{
    long *numbers = malloc((size_t)count * sizeof *numbers);
    long *squares = malloc((size_t)count * sizeof *squares);
    for (int i = 0; i < count; i++) {
        numbers[i] = i % 10 == 3 ? -2 : i;
    }
    mp_cluster_map(cluster, square_or_not,
                   MP_ITEMS_AT(numbers, (size_t)count), MP_RESULTS_AT(squares),
                   .chunksize = 8);
    expect(print_failures() == (first ? (count + 6) / 10 : 0), "as many fail");
    for (long i = 0; first && i < count; i++) {
        expect(i % 10 == 3 || squares[i] == i * i, "no other item fails");
    }
    free(numbers);
    free(squares);
}

int main(int argc, char **argv)
{
    mp_main(argc, argv);
    const char *what = argc > 1 ? argv[1] : "";
    cluster = mp_cluster_new(.processes = 2);
    check(cluster);
    first = mp_cluster_rank(cluster) == 0;
    if (strcmp(what, "memory") == 0) {
        map_without_memory();
    } else if (strcmp(what, "kill") == 0) {
        map_kills(atoi(argv[2]));
    } else if (strcmp(what, "die") == 0) {
        long numbers[] = { 0, 1, 2 };
        mp_cluster_map(cluster, kill_rank, MP_ITEMS(numbers),
                       MP_RESULTS(numbers));
    } else {
        map_well();
        map_big();
        map_badly();
        map_idly();
    }
    expect(mp_cluster_new() == NULL && errno == EINVAL, "one cluster, once");
    mp_cluster_free(cluster);
}
