#include "base/platform.h"

#include "process/parent_death.h"

#include <errno.h>
#include <sys/prctl.h>

static pid_t watched;

// The kernel sends the signal when the *thread* ends that forked us. If its
// process lives, one of its other threads is our parent then, and getppid() is
// the same as before: the new parent is set before the signal is sent.
static void leave_if_parent_died(int sig)
{
    (void)sig;
    int error = errno;
    if (getppid() != watched) {
        kill(getpid(), SIGKILL);
    }
    errno = error;
}

void mp_die_with_parent(pid_t parent)
{
    watched = parent;
    struct sigaction action = { .sa_handler = leave_if_parent_died,
                                .sa_flags = SA_RESTART };
    sigemptyset(&action.sa_mask);
    sigaction(MP_PARENT_DEATH_SIGNAL, &action, NULL);
    prctl(PR_SET_PDEATHSIG, MP_PARENT_DEATH_SIGNAL);
    if (getppid() == 0) {
        watched = 0;  // it lives in another pid namespace, pid_namespaces(7)
    }
    // It may have ended before the kernel knew that we wanted to be told.
    leave_if_parent_died(MP_PARENT_DEATH_SIGNAL);
}
