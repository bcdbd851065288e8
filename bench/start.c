// What does it cost to start a process and to join it? The least that Linux
// asks for is fork, _exit and waitpid; a Process object does more. Three modes
// between the two add the same system calls by hand, one group after the other,
// so that the difference can be seen growing.
//
// n is the number of processes, one after the other; a sample is the mean over
// them. All is pinned to one CPU: whether the child happens to begin on this
// CPU or another would otherwise decide the result.

#include "base/platform.h"

#include "bench.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "mp.h"
#include "ways.h"

// ---- by hand --------------------------------------------------------------

// What is done beside fork, _exit and waitpid; each step has all before it.
typedef enum { LEAST, PIDFD, SIGNALS, EXIT } steps;

static void end_child(void)
{
    fflush(stdout);
    fflush(stderr);
    _exit(0);
}

static _Noreturn void be_child(steps with)
{
    if (with >= SIGNALS) {
        sigset_t none;
        for (int sig = 1; sig <= 31; sig++) {
            struct sigaction action;
            sigaction(sig, NULL, &action);
        }
        sigemptyset(&none);
        pthread_sigmask(SIG_SETMASK, &none, NULL);
    }
    if (with >= EXIT) {
        atexit(end_child);
        exit(0);
    }
    _exit(0);
}

static pid_t fork_child(steps with)
{
    sigset_t all, before;
    sigfillset(&all);
    if (with >= SIGNALS) {
        pthread_sigmask(SIG_SETMASK, &all, &before);
    }
    pid_t pid = fork();
    if (pid == 0) {
        be_child(with);
    }
    if (with >= SIGNALS) {
        pthread_sigmask(SIG_SETMASK, &before, NULL);
    }
    return pid;
}

// Waits as the library does: until the pidfd is readable.
static int wait_by_pidfd(pid_t pid)
{
    int pidfd = mp_pidfd_open(pid);
    siginfo_t info = { .si_pid = 0 };
    int result = -1;
    if (pidfd != -1 && mp_fd_wait(pidfd, MP_FOREVER) == 0) {
        result = waitid(MP_P_PIDFD, (id_t)pidfd, &info, WEXITED | WNOHANG);
        close(pidfd);
    }
    return result == 0 && info.si_code == CLD_EXITED ? info.si_status : -1;
}

static int fork_once(steps with)
{
    int self = with >= PIDFD ? mp_pidfd_open(getpid()) : -1;
    pid_t pid = fork_child(with);
    if (self != -1) {
        close(self);
    }
    if (pid == -1) {
        return mp_fail(errno, "cannot fork: %s", strerror(errno));
    }
    int status = 0;
    if (with >= PIDFD) {
        status = wait_by_pidfd(pid);
    } else if (waitpid(pid, &status, 0) == -1) {
        status = -1;
    }
    if (status != 0) {
        return mp_fail(ECHILD, "a forked child did not end as it should");
    }
    return 0;
}

static int fork_least(void)
{
    return fork_once(LEAST);
}

static int fork_pidfd(void)
{
    return fork_once(PIDFD);
}

static int fork_signals(void)
{
    return fork_once(SIGNALS);
}

static int fork_exit(void)
{
    return fork_once(EXIT);
}

// ---- the modes ------------------------------------------------------------

static int64_t raw(int64_t n)
{
    return ways_mean(fork_least, n);
}

static int64_t with_pidfd(int64_t n)
{
    return ways_mean(fork_pidfd, n);
}

static int64_t with_signals(int64_t n)
{
    return ways_mean(fork_signals, n);
}

static int64_t with_exit(int64_t n)
{
    return ways_mean(fork_exit, n);
}

static int64_t library(int64_t n)
{
    return ways_mean(ways_mp_fork, n);
}

#define RAW "fork+_exit+waitpid"

static const bench_mode modes[] = {
    { .name = RAW, .run = raw },
    { .name = "mp start+join", .run = library, .against = RAW },
    { .name = "Python start+join", .python = "start", .against = RAW },
    { .name = "also pidfd, poll, waitid", .run = with_pidfd, .against = RAW },
    { .name = "also mask, 31 sigaction", .run = with_signals, .against = RAW },
    { .name = "also exit handler, flush", .run = with_exit, .against = RAW },
    { .name = RAW " again", .run = raw, .control_of = RAW },
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
    .pinned = 1,
};

int main(int argc, char **argv)
{
    return bench_main(argc, argv, &question);
}
