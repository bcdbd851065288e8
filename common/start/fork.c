#include "base/platform.h"

#include "start/fork.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <sys/stat.h>
#include <time.h>

#include "start/launch.h"
#include "base/error.h"
#include "process/current.h"

static mp_fork_policy fork_policy = MP_FORK_ALLOW;

void mp_set_fork_policy(mp_fork_policy policy)
{
    fork_policy = policy;
}

// A folder has two links and one for each folder in it, here for each thread.
static int count_threads(void)
{
    struct stat tasks;
    return stat("/proc/self/task", &tasks) == 0 ? (int)tasks.st_nlink - 2 : 1;
}

// A thread that was joined may still be there for a moment: what pthread_join
// waits for is not the last thing that it does.
static bool has_threads(void)
{
    const struct timespec pause = { .tv_nsec = 1000000 };
    for (int looks = 0; looks < 10 && count_threads() > 1; looks++) {
        nanosleep(&pause, NULL);
    }
    return count_threads() > 1;
}

static int consider_threads(void)
{
    if (fork_policy == MP_FORK_ALLOW || !has_threads()) {
        return 0;
    }
    const char *sentence = "This process (pid=%d) is multi-threaded, use of "
                           "fork() may lead to deadlocks in the child.";
    if (fork_policy == MP_FORK_REFUSE) {
        return mp_fail(EDEADLK, sentence, (int)getpid());
    }
    fprintf(stderr, sentence, (int)getpid());
    fputc('\n', stderr);
    return 0;
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
static pid_t fork_with_clean_streams(void)
{
    mp_platform_lock_streams();
    mp_launch_flush();
    pid_t pid = fork_without_handlers();
    int error = errno;
    if (pid == 0) {
        __fpurge(stdout);
        __fpurge(stderr);
    }
    mp_platform_unlock_streams();
    errno = error;
    return pid;
}

static int launch(mp_process *process)
{
    if (consider_threads() == -1) {
        return -1;
    }
    // A pidfd of our own. The child keeps it: its view of its parent. To us it
    // keeps a descriptor free for the child's pidfd, so that running out of
    // descriptors is noticed now and not after the fork.
    int self = mp_pidfd_open(getpid());
    if (self == -1) {
        return mp_launch_refuse(errno);
    }
    mp_record creator = mp_current_as_creator(self);
    int threads = MP_PLATFORM_CHECKS_LEAKS ? count_threads() : 1;
    pid_t pid = fork_with_clean_streams();
    if (pid == 0) {
        MP_PLATFORM_FORKED(threads);
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
