#include "platform.h"

#include "start_fork.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>

#include "children.h"
#include "error.h"

// The child's pidfd. Opening it cannot race with the child's end: an ended
// child keeps its pid until we reap it. Only where SIGCHLD is ignored does the
// kernel reap at once (ESRCH); then anything that is readable for ever will do,
// for the child has ended, and its status is lost.
static int open_sentinel(pid_t pid)
{
    int sentinel = mp_pidfd_open(pid);
    if (sentinel == -1 && errno == ESRCH) {
        sentinel = eventfd(1, EFD_CLOEXEC);
    }
    return sentinel;
}

static int refuse(int error)
{
    return mp_fail(error, "cannot start a process: %s", strerror(error));
}

// The child is known by nothing but its pid, and we cannot watch it: undo it.
static int undo(pid_t pid, int error)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    return refuse(error);
}

// The parent's handlers are code for the parent: a worker that ran its
// parent's SIGTERM handler would not end. Ignored signals stay ignored, as
// after execve(2).
static void forget_handlers(void)
{
    for (int sig = 1; sig < NSIG; sig++) {
        struct sigaction action;
        if (sigaction(sig, NULL, &action) == 0 &&
            action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN) {
            signal(sig, SIG_DFL);
        }
    }
}

// fork(), where no handler of the parent ever runs in the child: no signal is
// delivered until they are forgotten.
static pid_t fork_without_handlers(void)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t pid = fork();
    int error = errno;
    if (pid == 0) {
        forget_handlers();
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
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
    // Text that still waits in a buffer would be copied, and written twice.
    fflush(stdout);
    fflush(stderr);
    pid_t pid = fork_without_handlers();
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
        return undo(pid, errno);
    }
    mp_children_started(process->record, pid, sentinel);
    return 0;
}

const mp_launcher mp_start_fork = { .name = "fork", .launch = launch };
