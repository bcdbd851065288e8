// What does one start and join cost by each start method? Beside fork stand two
// that begin with a new image of the program: spawn makes one for each process,
// the forkserver is one, made once, and forks. Each is held against the least
// that Linux asks for it: fork, _exit and waitpid, or posix_spawn of this same
// program, which ends as soon as it is in main. vfork and a thread, which copy
// nothing, show what the copying costs.
//
// n is the number of processes, one after the other; a sample is the mean over
// them. All is pinned to one CPU, the forkserver as well, since it is started
// after that: in the first round, which is not noted. So no sample has its
// start in it.

#include "bench.h"

#include <stddef.h>

#include "ways.h"

static int64_t raw_fork(int64_t n)
{
    return ways_mean(ways_fork, n);
}

static int64_t raw_vfork(int64_t n)
{
    return ways_mean(ways_vfork, n);
}

static int64_t raw_spawn(int64_t n)
{
    return ways_mean(ways_posix_spawn, n);
}

// Apart: once a process has had a thread, all its forks take longer. The C
// library keeps the thread's stack for the next one, and a forked child writes
// to it, which copies pages.
static int64_t thread(int64_t n)
{
    return ways_mean_apart(ways_thread, n);
}

static int64_t by_fork(int64_t n)
{
    return ways_mean(ways_mp_fork, n);
}

static int64_t by_spawn(int64_t n)
{
    return ways_mean(ways_mp_spawn, n);
}

static int64_t by_forkserver(int64_t n)
{
    return ways_mean(ways_mp_forkserver, n);
}

#define FORK "fork+_exit+waitpid"
#define SPAWN "posix_spawn+waitpid"

static const bench_mode modes[] = {
    { .name = FORK, .run = raw_fork },
    { .name = SPAWN, .run = raw_spawn },
    { .name = "mp spawn", .run = by_spawn, .against = SPAWN },
    { .name = "mp forkserver", .run = by_forkserver, .against = FORK },
    { .name = "mp fork", .run = by_fork, .against = FORK },
    { .name = "Python spawn", .python = "spawn", .against = SPAWN },
    { .name = "Python forkserver", .python = "forkserver", .against = FORK },
    { .name = "Python fork", .python = "fork", .against = FORK },
    { .name = "vfork+_exit+waitpid", .run = raw_vfork, .against = FORK },
    { .name = "pthread create+join", .run = thread, .against = FORK },
    { .name = SPAWN " again", .run = raw_spawn, .control_of = SPAWN },
    { .name = FORK " again", .run = raw_fork, .control_of = FORK },
    { .name = NULL },
};

static const int64_t tiny[] = { 2, 0 };
static const int64_t batch[] = { 20, 0 };

static const bench_question question = {
    .name = "methods",
    .asks = "What does one start and join cost, by each start method?",
    .modes = modes,
    .sizes = { tiny, batch, batch, batch },
    .python = "bench/methods.py",
    .python_max = { 2, 20, 20, 20 },
    .pinned = 1,
};

int main(int argc, char **argv)
{
    if (ways_is_nothing(argc, argv)) {
        return 0;
    }
    return bench_main(argc, argv, &question);
}
