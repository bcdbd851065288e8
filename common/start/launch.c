#include "base/platform.h"

#include "start/launch.h"

#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>

#include "base/error.h"

int mp_launch_refuse(int error)
{
    if (error == ENOSYS) {
        return mp_fail(error, "cannot start a process: there is no "
                              "pidfd_open(2), which Linux has since 5.3 (and "
                              "valgrind has not: build with SAN=address "
                              "instead)");
    }
    if (error == ENOENT) {
        return mp_fail(error, "cannot start a process: there is no "
                              "/proc/self/exe (is /proc mounted?)");
    }
    return mp_fail(error, "cannot start a process: %s", strerror(error));
}

// An ended child keeps its pid until it is reaped. It may be reaped already: by
// the kernel where SIGCHLD is ignored, by a waitpid(-1) elsewhere in the
// program, by its fork server. Then pidfd_open says ESRCH, and anything that is
// readable for ever will do: the child has ended.
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
    while (kill(pid, SIGKILL) == 0) {
        waitpid(pid, NULL, 0);
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
    mp_children_started(record, pid, sentinel);
    return 0;
}
