// Does it matter how much memory the parent uses? fork copies no memory, but
// the page tables, which say where the memory lies: the more of it, the more
// to copy, and for the child's end to throw away. A huge page needs one entry
// where small pages need hundreds. posix_spawn copies none of that, and neither
// does a forkserver, which is a small process of its own.
//
// n is the parent's resident memory, in MiB; each page of it has been written
// to. The sizes follow each other upwards and the memory grows with them, so
// that no page is written to twice, which takes longer than all that is
// measured; therefore the two kinds of pages are two parts, and the run before
// a measured one has the same n. All is pinned to one CPU.

#include "bench.h"

#include <errno.h>
#include <stddef.h>

#include "mp.h"
#include "resident.h"
#include "ways.h"

// A sample is the mean over the processes that begin within this time, which
// for much memory is one.
static const int64_t least = 3000000;

static int64_t sample(int (*way)(void), int64_t n, bool huge)
{
    if (resident_hold(n, huge) == -1) {
        return -1;
    }
    return ways_mean_for(way, least);
}

// ---- small pages ----------------------------------------------------------

static int64_t raw_fork(int64_t n)
{
    return sample(ways_fork, n, false);
}

static int64_t raw_spawn(int64_t n)
{
    return sample(ways_posix_spawn, n, false);
}

static int64_t by_fork(int64_t n)
{
    return sample(ways_mp_fork, n, false);
}

static int64_t by_spawn(int64_t n)
{
    return sample(ways_mp_spawn, n, false);
}

static int64_t by_forkserver(int64_t n)
{
    return sample(ways_mp_forkserver, n, false);
}

// ---- huge pages -----------------------------------------------------------

static int64_t huge_raw_fork(int64_t n)
{
    return sample(ways_fork, n, true);
}

static int64_t huge_raw_spawn(int64_t n)
{
    return sample(ways_posix_spawn, n, true);
}

static int64_t huge_by_fork(int64_t n)
{
    return sample(ways_mp_fork, n, true);
}

static int64_t huge_by_spawn(int64_t n)
{
    return sample(ways_mp_spawn, n, true);
}

static int64_t huge_by_forkserver(int64_t n)
{
    return sample(ways_mp_forkserver, n, true);
}

// ---- the question ---------------------------------------------------------

#define HUGE ", huge pages"

// mp fork and its control, at the two ends, have the same neighbours: a new
// image. What else forks stands in the middle.
#define SMALL_MODES                                                         \
    { .name = "mp fork", .run = by_fork, .grows = "fork" },                 \
    { .name = "mp spawn", .run = by_spawn, .against = "mp fork",            \
      .wins = "mp spawn beats mp fork", .grows = "spawn" },                 \
    { .name = "mp forkserver", .run = by_forkserver, .against = "mp fork",  \
      .wins = "mp forkserver beats mp fork", .grows = "forkserver" },       \
    { .name = "fork+_exit+waitpid", .run = raw_fork },                      \
    { .name = "posix_spawn+waitpid", .run = raw_spawn },                    \
    { .name = "mp fork again", .run = by_fork, .control_of = "mp fork" }

static const bench_mode small_pages[] = { SMALL_MODES, { .name = NULL } };

static const bench_mode all_pages[] = {
    SMALL_MODES,
    { .name = "mp fork" HUGE, .run = huge_by_fork, .part = 1,
      .grows = "fork with huge pages" },
    { .name = "mp spawn" HUGE, .run = huge_by_spawn, .part = 1,
      .against = "mp fork" HUGE,
      .wins = "With huge pages, mp spawn beats mp fork" },
    { .name = "mp forkserver" HUGE, .run = huge_by_forkserver, .part = 1,
      .against = "mp fork" HUGE,
      .wins = "With huge pages, mp forkserver beats mp fork" },
    { .name = "fork+_exit+waitpid" HUGE, .run = huge_raw_fork, .part = 1 },
    { .name = "posix_spawn+waitpid" HUGE, .run = huge_raw_spawn, .part = 1 },
    { .name = "mp fork" HUGE " again", .run = huge_by_fork, .part = 1,
      .control_of = "mp fork" HUGE },
    { .name = NULL },
};

static const int64_t tiny[] = { 4, 64, 0 };
static const int64_t quick[] = { 10, 64, 512, 0 };
static const int64_t normal[] = { 10, 64, 512, 2048, 0 };
static const int64_t full[] = { 10, 32, 64, 128, 256, 512, 1024, 2048, 4096,
                                0 };

static int prepare(bench_question *question)
{
    question->largest = resident_most();
    question->limit = "more than half of the available memory";
    if (question->largest == -1) {
        return mp_fail(ENOTSUP, "the kernel does not say in /proc/meminfo how "
                                "much memory is available");
    }
    if (question->largest < normal[0]) {
        return mp_fail(ENOMEM, "too little memory is available to measure");
    }
    if (!resident_has_huge()) {
        question->modes = small_pages;
        question->remark = "no transparent huge pages here";
    }
    return 0;
}

static const bench_question question = {
    .name = "memory",
    .asks = "What does one start and join cost, by the memory of the parent?",
    .modes = all_pages,
    .sizes = { tiny, quick, normal, full },
    .pinned = 1,
    .unit = "MiB",
    .same_n_before = true,
    .prepare = prepare,
};

int main(int argc, char **argv)
{
    if (ways_is_nothing(argc, argv)) {
        return 0;
    }
    int status = bench_main(argc, argv, &question);
    resident_release();
    return status;
}
