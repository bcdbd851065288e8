// The same as start.c, by each start method. README.md says more.
//
// n is the number of processes, one after the other; a sample is the mean over
// them. All is pinned to one CPU. The fork server is started before the first
// round, so that no sample has its start in it. vfork and a thread, which copy
// nothing, show what the copying costs.

#include "bench.h"

#include <stddef.h>

#include "ways.h"

static const bench_mode modes[] = {
    { .name = "bare fork", .call = ways_fork },
    { .name = "posix_spawn", .call = ways_posix_spawn },
    { .name = "mp spawn", .call = ways_mp_spawn, .again = true },
    { .name = "mp forkserver", .call = ways_mp_forkserver },
    { .name = "mp fork", .call = ways_mp_fork, .again = true },
    { .name = "bare vfork", .call = ways_vfork },
    { .name = "a thread", .call = ways_thread, .forked = true },
    { .name = "Python spawn", .python = "start spawn" },
    { .name = "Python forkserver", .python = "start forkserver" },
    { .name = "Python fork", .python = "start fork" },
    { .name = NULL },
};

static const int64_t batch[] = { 20, 0 };

bench_question question = {
    .name = "methods",
    .asks = "What does one start and join cost, by each start method?",
    .modes = modes,
    .sizes = batch,
    .pinned = 1,
};
