// Does the parent's memory matter to a start? README.md says more.
//
// n is the parent's memory in MiB; each page of it has been written to. The
// sizes follow each other upwards and the memory grows with them, so that no
// page is written twice, which would take longer than all that is measured. All
// is pinned to one CPU.

#define _GNU_SOURCE

#include "bench.h"

#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ways.h"

// ---- the parent's memory --------------------------------------------------

#define MIB ((size_t)1 << 20)

// Huge pages are that large on the machines we know.
#define HUGE_PAGE (2 * MIB)

// Of small pages and of huge ones, each mapped for the largest n. Both begin
// where a huge page may begin.
static struct {
    char *from;
    size_t length, written;
} memories[2];

static void make(bool huge, size_t length)
{
    char *from = mmap(NULL, length + HUGE_PAGE, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    need(from == MAP_FAILED ? -1 : 0, "mmap");
    from += HUGE_PAGE - (uintptr_t)from % HUGE_PAGE;
    memories[huge].from = from;
    memories[huge].length = length;
    // A kernel that has no huge pages refuses both.
    madvise(from, length, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
}

// fork(2) passes over what is not to be in the child, with its tables.
static void hold(int64_t size, bool huge)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t *written = &memories[huge].written;
    for (; *written < (size_t)size * MIB; *written += page) {
        ((volatile char *)memories[huge].from)[*written] = 1;
    }
    madvise(memories[huge].from, memories[huge].length, MADV_DOFORK);
    madvise(memories[!huge].from, memories[!huge].length, MADV_DONTFORK);
}

// ---- the modes ------------------------------------------------------------

enum { BARE_FORK, FORK, SPAWN, FORKSERVER, HUGE_FORK };

static void (*const ways[])(void) = { ways_fork, ways_mp_fork, ways_mp_spawn,
                                      ways_mp_forkserver, ways_mp_fork };

// The mean over the processes that begin within 3 ms: with much memory, one.
static int64_t sample(int64_t n, int arg)
{
    hold(n, arg == HUGE_FORK);
    int64_t begin = bench_now(), took = 0, count = 0;
    while (took < 3000000) {
        ways[arg]();
        count++;
        took = bench_now() - begin;
    }
    return took / count;
}

static bench_mode modes[] = {
    { .name = "bare fork", .run = sample, .arg = BARE_FORK },
    { .name = "mp fork", .run = sample, .arg = FORK, .again = true },
    { .name = "mp spawn", .run = sample, .arg = SPAWN, .again = true },
    { .name = "mp forkserver", .run = sample, .arg = FORKSERVER },
    { .name = "mp fork, huge pages", .run = sample, .arg = HUGE_FORK,
      .again = true },
    { .name = NULL },
};

// ---- the question ---------------------------------------------------------

static const int64_t sizes[] = { 10, 64, 256, 1024, 2048, 4096, 0 };
static const int64_t quick[] = { 10, 64, 512, 0 };

// A kernel may have no huge pages to give, or may never give them.
static void prepare(void)
{
    question.largest = machine_available() / 4;
    make(false, (size_t)question.largest * MIB);
    make(true, (size_t)question.largest * MIB);
    hold(sizes[0], true);
    if (machine_number("/proc/self/smaps_rollup", "AnonHugePages:") <= 0) {
        bench_fact("remark", "no huge pages here");
        modes[HUGE_FORK].name = NULL;  // the list ends here
    }
}

bench_question question = {
    .name = "memory",
    .asks = "What does one start and join cost, by the memory of the parent?",
    .modes = modes,
    .sizes = sizes,
    .quick = quick,
    .unit = "MiB",
    .pinned = 1,
    .by_size = true,
    .prepare = prepare,
};
