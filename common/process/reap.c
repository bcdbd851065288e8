#include "base/platform.h"

#include "process/reap.h"

#include <errno.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/descriptors.h"

// For a child that has ended, where nobody can tell us how.
static int left_behind(const mp_record *record)
{
    int status = *record->exit_status;
    return status != MP_NONE ? status : MP_EXIT_UNKNOWN;
}

// A waitpid(-1) elsewhere in the program may have reaped the child, or the
// kernel, where SIGCHLD is ignored. If the child ended by itself it has left
// its status; if not, how it ended is lost. Python takes such a child for alive
// for ever (cpython's issue 92881).
static int ask_kernel(const mp_record *record)
{
    siginfo_t info = { .si_pid = 0 };
    if (waitid(MP_P_PIDFD, (id_t)record->sentinel, &info,
               WEXITED | WNOHANG) == -1) {
        return left_behind(record);
    }
    if (info.si_pid == 0) {
        return MP_NONE;
    }
    return info.si_code == CLD_EXITED ? info.si_status : -info.si_status;
}

// The child of a fork server has ended once its pidfd says so. The server is
// about to tell how; if it was killed before, its socket is closed. (Python
// then says 255 in any case, even while the child runs.)
static int ask_server(const mp_record *record)
{
    if (mp_fd_wait(record->sentinel, mp_clock_deadline(0)) == -1) {
        return MP_NONE;
    }
    if (mp_fd_wait(record->report, mp_clock_deadline(0)) == -1) {
        return *record->exit_status;  // MP_NONE where we have to wait
    }
    int exitcode;
    ssize_t got;
    do {
        got = recv(record->report, &exitcode, sizeof exitcode, 0);
    } while (got == -1 && errno == EINTR);
    return got == sizeof exitcode ? exitcode : left_behind(record);
}

int mp_reap(const mp_record *record)
{
    return record->report == -1 ? ask_kernel(record) : ask_server(record);
}
