// # How many items at once?
//
// A worker takes a chunk of items, does them, and takes the next chunk.
// `chunksize` says how many items a chunk has. Python writes
// `pool.map(func, lst, chunksize=1)`. The items of this list take
// longer and longer, and the same list is mapped with three chunksizes.
// Watch that the sums are equal. The times are measured and vary: small
// chunks share the work best, and of one chunk with all items the whole
// work falls to one worker.

#include "lesson.h"

enum { COUNT = 40 };

struct item {
    int num;
    double seconds;
};

static int func(const void *arg, void *result)
{
    const struct item *given = arg;
    time_sleep(given->seconds);
    *(int *)result = given->num * given->num;
    return 0;
}

// A chunksize of 0 stands for the default: the list is cut into about
// four chunks for each worker, as in Python. Of 40 items for 4 workers
// each chunk has 3, and the last one has what is left.
static void square_all(mp_pool *pool, const char *name,
                       const struct item lst[COUNT], size_t chunksize)
{
    int squares[COUNT], sum = 0;
    double start = mp_clock_now();
    check(mp_pool_map(pool, func, MP_ITEMS_AT(lst, COUNT),
                      MP_RESULTS(squares), .chunksize = chunksize));
    double took = mp_clock_now() - start;
    for (int i = 0; i < COUNT; i++) {
        sum += squares[i];
    }
    printf("%s: sum %d, map took %.3f s\n", name, sum, took);
}

int main(int argc, char **argv)
{
    double seconds = 0.002;
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[seconds]", &seconds, 1);

    struct item lst[COUNT];
    for (int i = 0; i < COUNT; i++) {
        lst[i] = (struct item){ i + 1, (i + 1) * seconds };
    }
    mp_pool *pool = mp_pool_new(.processes = 4);
    check(pool);
    square_all(pool, "chunksize 1", lst, 1);
    square_all(pool, "the default", lst, 0);
    square_all(pool, "all at once", lst, COUNT);
    check(mp_pool_close(pool));
    check(mp_pool_join(pool));
    mp_pool_free(pool);
}

// ## See it
//
// `make trace-map_vs_map_async_chunksize` draws the three maps, one
// below the other. A box is a chunk: its width is its items, its height
// the time that it took, and its colour its worker. With chunks of one
// item all colours end together. With the default the last chunks are
// high, and some workers wait for the others. Then one box is all.
//
// ## What happens underneath
//
// A worker that has done a chunk looks for the next one on the job
// board: `mp_board_work()` in `common/pool/board.c`. It claims a
// whole chunk by one step, however many items the chunk has. So large
// chunks cost less for each item, and small ones share the work better.
// `choose_chunksize()` in `common/pool/map.c` computes the default.
//
// ## Try this
//
// - Turn the list round, so that the longest items come first. Which
//   chunksize gains by that?
// - What is the largest chunksize with which all four workers work?
//   How long does the map take with it?
