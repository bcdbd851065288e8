// What does it cost to start a process and to join it? The least that Linux
// asks for is fork, _exit and waitpid; a Process object does more.
//
// n is the number of processes, one after the other; a sample is the mean over
// them. All is pinned to one CPU: whether the child happens to begin on this
// CPU or another would otherwise decide the result.

#include "platform.h"

#include "bench.h"

#include <errno.h>
#include <string.h>

#include "mp.h"

static int fork_once(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        _exit(0);
    }
    if (pid == -1) {
        return mp_fail(errno, "cannot fork: %s", strerror(errno));
    }
    int status;
    if (waitpid(pid, &status, 0) == -1 || status != 0) {
        return mp_fail(ECHILD, "a forked child did not end as it should");
    }
    return 0;
}

static int nothing(void *args)
{
    (void)args;
    return 0;
}

static int process_once(void)
{
    mp_process p;
    if (mp_process_init(&p, .target = nothing) == -1) {
        return -1;
    }
    if (mp_process_start(&p) == -1) {
        mp_process_close(&p);
        return -1;
    }
    if (mp_process_join(&p, MP_FOREVER) == -1) {
        return -1;
    }
    if (mp_process_exitcode(&p) != 0) {
        return mp_fail(ECHILD, "a child did not end as it should");
    }
    return mp_process_close(&p);
}

static int64_t mean_of(int (*once)(void), int64_t n)
{
    int64_t begin = bench_now();
    for (int64_t i = 0; i < n; i++) {
        if (once() == -1) {
            return -1;
        }
    }
    return (bench_now() - begin) / n;
}

static int64_t raw(int64_t n)
{
    return mean_of(fork_once, n);
}

static int64_t library(int64_t n)
{
    return mean_of(process_once, n);
}

static const bench_mode modes[] = {
    { .name = "fork+_exit+waitpid", .run = raw },
    { .name = "mp start+join", .run = library,
      .against = "fork+_exit+waitpid" },
    { .name = "fork+_exit+waitpid again", .run = raw,
      .control_of = "fork+_exit+waitpid" },
    { .name = "Python start+join", .python = "start",
      .against = "fork+_exit+waitpid" },
    { .name = NULL },
};

static const int64_t tiny[] = { 2, 0 };
static const int64_t batch[] = { 20, 0 };

static const bench_question question = {
    .name = "start",
    .asks = "What does starting and joining a process cost, "
            "beyond what Linux asks for?",
    .modes = modes,
    .sizes = { tiny, batch, batch, batch },
    .python = "bench/start.py",
    .python_max = { 2, 20, 20, 20 },
    .pinned = true,
};

int main(int argc, char **argv)
{
    return bench_main(argc, argv, &question);
}
