#include "base/platform.h"

#include "process/reap.h"

#include <errno.h>
#include <poll.h>

bool mp_reap_has_ended(const mp_record *record)
{
    struct pollfd sentinel = { .fd = record->sentinel, .events = POLLIN };
    return poll(&sentinel, 1, 0) == 1;
}

int mp_reap_exitcode(const siginfo_t *info)
{
    return info->si_code == CLD_EXITED ? info->si_status : -info->si_status;
}

// A fork server's child is none of ours for the kernel. Nor is one that a
// waitpid(-1) elsewhere in the program has reaped, or the kernel, where SIGCHLD
// is ignored. If the child ended by itself it has left its status. If it was
// killed, its fork server notes that before it reaps the child; after that,
// nobody will. (Python takes a child that was reaped elsewhere for alive for
// ever: cpython's issue 92881.)
static int ask_slot(const mp_record *record)
{
    if (!mp_reap_has_ended(record)) {
        return MP_NONE;
    }
    bool will_be_reaped = mp_pidfd_send_signal(record->sentinel, 0) == 0 ||
                          errno == EPERM;
    int exitcode = record->exit_status->exitcode;
    return exitcode != MP_NONE || will_be_reaped ? exitcode : MP_EXIT_UNKNOWN;
}

int mp_reap(const mp_record *record)
{
    siginfo_t info = { .si_pid = 0 };
    if (waitid(MP_P_PIDFD, (id_t)record->sentinel, &info,
               WEXITED | WNOHANG) == -1) {
        return ask_slot(record);
    }
    return info.si_pid != 0 ? mp_reap_exitcode(&info) : MP_NONE;
}
