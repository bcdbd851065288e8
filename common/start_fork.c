#include "platform.h"

#include "start_fork.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <string.h>
#include <sys/eventfd.h>

#include "children.h"
#include "error.h"

// The child's pidfd. An ended child keeps its pid until it is reaped, so the
// pid cannot be a stranger's. But the child may be reaped already, by the
// kernel where SIGCHLD is ignored, or by a waitpid(-1) elsewhere in the
// program. Then pidfd_open says ESRCH, and anything that is readable for ever
// will do: the child has ended, and its status is lost.
static int open_sentinel(pid_t pid)
{
    int sentinel = mp_pidfd_open(pid);
    if (sentinel == -1 && errno == ESRCH) {
        sentinel = mp_fd_raise(eventfd(1, EFD_CLOEXEC));
    }
    return sentinel;
}

static int refuse(int error)
{
    return mp_fail(error, "cannot start a process: %s", strerror(error));
}

// A child that we cannot watch, or that comes too late: undo it.
static void undo(pid_t pid)
{
    kill(pid, SIGKILL);
    while (waitpid(pid, NULL, 0) == -1 && errno == EINTR) {
    }
}

// The parent's handlers are code for the parent: a worker that ran its
// parent's SIGTERM handler would not end. Ignored signals stay ignored, as
// after execve(2). Each look is a system call, so we leave out the real-time
// signals, which come only to those who arranged for them.
static void forget_handlers(void)
{
    const int standard_signals = 31;
    for (int sig = 1; sig <= standard_signals; sig++) {
        struct sigaction action;
        if (sigaction(sig, NULL, &action) == 0 &&
            action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN) {
            signal(sig, SIG_DFL);
        }
    }
}

// fork(), where no handler of the parent ever runs in the child: no signal is
// delivered until they are forgotten. The child blocks no signal, or it could
// not be terminated.
static pid_t fork_without_handlers(void)
{
    sigset_t all, mask;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &mask);
    pid_t pid = fork();
    int error = errno;
    if (pid == 0) {
        forget_handlers();
        sigemptyset(&mask);
    }
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
    errno = error;
    return pid;
}

// Text that waits in a buffer is copied by fork, and would be written twice. So
// it is written before; what another thread printed after that, the child
// drops.
// No thread is cancelled while it holds the streams' locks.
static pid_t fork_with_clean_streams(void)
{
    int cancel_state;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state);
    mp_platform_lock_streams();
    fflush(stdout);
    fflush(stderr);
    pid_t pid = fork_without_handlers();
    int error = errno;
    if (pid == 0) {
        __fpurge(stdout);
        __fpurge(stderr);
    }
    mp_platform_unlock_streams();
    pthread_setcancelstate(cancel_state, NULL);
    errno = error;
    return pid;
}

static int launch(mp_process *process)
{
    // A pidfd of our own. The child keeps it: its view of its parent. To us it
    // keeps a descriptor free for the child's pidfd, so that running out of
    // descriptors is noticed now and not after the fork.
    int self = mp_pidfd_open(getpid());
    if (self == -1) {
        return refuse(errno);
    }
    pid_t pid = fork_with_clean_streams();
    if (pid == 0) {
        mp_process_bootstrap(process, self);
    }
    int error = errno;
    close(self);
    if (pid == -1) {
        return refuse(error);
    }
    int sentinel = open_sentinel(pid);
    if (sentinel == -1) {
        // Another thread took the descriptor in between.
        error = errno;
        undo(pid);
        return refuse(error);
    }
    if (mp_children_started(process->record, pid, sentinel) == -1) {
        undo(pid);
        close(sentinel);
        return -1;
    }
    return 0;
}

const mp_launcher mp_start_fork = { .name = "fork", .launch = launch };
