#include "base/platform.h"

#include "start/launch.h"

#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>

#include "base/error.h"
#include "memory/shm.h"

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

int mp_launch_by(const mp_context *context, mp_process *process)
{
    mp_exit_status *exit_status = process->record->exit_status;
    *exit_status = (mp_exit_status){ .exitcode = MP_NONE };
    mp_shm_give(exit_status, exit_status);
    int launched = context->launch(process);
    if (launched == -1) {
        int error = errno;
        mp_shm_end_owner(exit_status);
        errno = error;
    }
    return launched;
}

// An ended child keeps its pid until it is reaped. It may be reaped already: by
// the kernel where SIGCHLD is ignored, by a waitpid(-1) elsewhere in the
// program, by its fork server. Then pidfd_open says ESRCH, and anything that is
// readable for ever will do: the child has ended.
static int make_sentinel(pid_t pid)
{
    int sentinel = mp_pidfd_open(pid);
    if (sentinel == -1 && errno == ESRCH) {
        sentinel = mp_fd_raise(eventfd(1, EFD_CLOEXEC));
    }
    return sentinel;
}

int mp_launch_register(mp_record *record, pid_t pid)
{
    int sentinel = make_sentinel(pid);
    if (sentinel == -1) {
        // Another thread took the descriptor that we had kept free. So the
        // child must go, and be reaped, by us or by its fork server.
        int error = errno;
        while (kill(pid, SIGKILL) == 0) {
            waitpid(pid, NULL, 0);
        }
        return mp_launch_refuse(error);
    }
    mp_children_started(record, pid, sentinel);
    return 0;
}
