#include "base/platform.h"

#include "start/launch.h"

#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>

#include "base/error.h"

void mp_launch_flush(void)
{
    fflush(stdout);
    fflush(stderr);
}

int mp_launch_refuse(int error)
{
    if (error == ENOSYS) {
        return mp_fail(error, "cannot start a process: there is no "
                              "pidfd_open(2), which Linux has since 5.3 (and "
                              "valgrind has not: build with SAN=address "
                              "instead)");
    }
    return mp_fail(error, "cannot start a process: %s", strerror(error));
}

// An ended child keeps its pid until it is reaped, so the pid cannot be a
// stranger's. But the child may be reaped already, by the kernel where SIGCHLD
// is ignored, or by a waitpid(-1) elsewhere in the program. Then pidfd_open
// says ESRCH, and anything that is readable for ever will do: the child has
// ended, and its status is lost.
int mp_launch_sentinel(pid_t pid)
{
    int sentinel = mp_pidfd_open(pid);
    if (sentinel == -1 && errno == ESRCH) {
        sentinel = mp_fd_raise(eventfd(1, EFD_CLOEXEC));
    }
    return sentinel;
}

void mp_launch_undo(pid_t pid)
{
    kill(pid, SIGKILL);
    while (waitpid(pid, NULL, 0) == -1 && errno == EINTR) {
    }
}

int mp_launch_register(mp_record *record, pid_t pid)
{
    int sentinel = mp_launch_sentinel(pid);
    if (sentinel == -1) {
        // Another thread took the descriptor that we had kept free.
        int error = errno;
        mp_launch_undo(pid);
        return mp_launch_refuse(error);
    }
    mp_children_started(record, pid, sentinel, -1);
    return 0;
}
