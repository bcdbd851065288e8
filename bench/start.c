// What does it cost to start a process and to join it? README.md says more.
//
// n is the number of processes, one after the other; a sample is the mean over
// them. All is pinned to one CPU. Otherwise the result would depend on the CPU
// on which the kernel happens to put the child.

#include "base/platform.h"

#include "bench.h"

#include <poll.h>

#include "ways.h"

// What is done beside fork, _exit and waitpid. Each step has all before it.
enum { PIDFD, SIGNALS, EXIT };

static int with;  // which of them

static void end_child(void)
{
    fflush(stdout);
    fflush(stderr);
    _exit(0);
}

static _Noreturn void be_child(void)
{
    if (with >= SIGNALS) {
        sigset_t none;
        for (int sig = 1; sig <= 31; sig++) {
            struct sigaction action;
            sigaction(sig, NULL, &action);
        }
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
    }
    if (with >= EXIT) {
        atexit(end_child);
        exit(0);
    }
    _exit(0);
}

// The parent waits as the library does: until the pidfd is readable.
static void fork_once(void)
{
    sigset_t all, before;
    sigfillset(&all);
    if (with >= SIGNALS) {
        sigprocmask(SIG_SETMASK, &all, &before);
    }
    pid_t pid = (pid_t)need(fork(), "fork");
    if (pid == 0) {
        be_child();
    }
    if (with >= SIGNALS) {
        sigprocmask(SIG_SETMASK, &before, NULL);
    }
    int pidfd = (int)need(syscall(SYS_pidfd_open, pid, 0), "pidfd_open");
    struct pollfd polled = { pidfd, POLLIN, 0 };
    need(poll(&polled, 1, -1), "poll");
    close(pidfd);
    ways_wait(pid);
}

static int64_t by_hand(int64_t n, int steps)
{
    with = steps;
    return bench_mean(fork_once, n);
}

// ---- the question ---------------------------------------------------------

static const bench_mode modes[] = {
    { .name = "bare fork", .call = ways_fork, .again = true },
    { .name = "Process", .call = ways_mp_fork, .again = true },
    { .name = "+ pidfd, poll", .run = by_hand, .arg = PIDFD },
    { .name = "+ mask, 31 sigaction", .run = by_hand, .arg = SIGNALS },
    { .name = "+ exit handler, flush", .run = by_hand, .arg = EXIT },
    { .name = "Python Process", .python = "start fork" },
    { .name = NULL },
};

static const int64_t batch[] = { 20, 0 };

bench_question question = {
    .name = "start",
    .asks = "What does it cost to start a process and to join it?",
    .modes = modes,
    .sizes = batch,
    .pinned = 1,
};
