#include "base/platform.h"

#include "start/fork.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdio_ext.h>

#include "base/pid.h"
#include "process/current.h"
#include "start/launch.h"

// The parent's handlers are code for the parent: a worker that ran its
// parent's SIGTERM handler would not end. Ignored signals stay ignored, as
// after execve(2). Each look is a system call, so we leave out the real-time
// signals, which come only to those who arranged for them. A handler of faults,
// such as a sanitizer's, is as good in the child.
static void forget_handlers(void)
{
    const int standard_signals = 31;
    for (int sig = 1; sig <= standard_signals; sig++) {
        struct sigaction action;
        if (sig != SIGSEGV && sig != SIGBUS &&
            sigaction(sig, NULL, &action) == 0 &&
            action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN) {
            signal(sig, SIG_DFL);
        }
    }
}

// No signal comes in the child before its handlers are reset. The child blocks
// none, or it could not be terminated. Text that waits in a buffer is copied by
// fork, and would be written twice. So it is written before; what another
// thread printed after that, the child drops.
static pid_t fork_cleanly(void)
{
    sigset_t all, mask;
    sigfillset(&all);
    mp_platform_lock_streams();
    mp_platform_flush();
    pthread_sigmask(SIG_SETMASK, &all, &mask);
    pid_t pid = fork();
    int error = errno;
    if (pid == 0) {
        forget_handlers();
        sigemptyset(&mask);
        __fpurge(stdout);
        __fpurge(stderr);
    }
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
    mp_platform_unlock_streams();
    errno = error;
    return pid;
}

static int launch(mp_process *process)
{
    // A pidfd of our own. The child keeps it: its view of its parent. To us it
    // keeps a descriptor free for the child's pidfd, so that running out of
    // descriptors is noticed now and not after the fork.
    int self = mp_pidfd_open(mp_own_pid());
    if (self == -1) {
        return mp_launch_refuse(errno);
    }
    mp_record creator = mp_current_as_creator(self);
    pid_t pid = fork_cleanly();
    if (pid == 0) {
        mp_process_bootstrap(process, &creator, creator.pid);
    }
    int error = errno;
    close(self);
    if (pid == -1) {
        return mp_launch_refuse(error);
    }
    return mp_launch_register(process->record, pid);
}

const mp_context mp_start_fork = { .name = "fork",
                                   .class_name = "ForkProcess",
                                   .launch = launch };
