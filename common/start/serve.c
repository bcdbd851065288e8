#include "base/platform.h"

#include "start/serve.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "base/error.h"
#include "process/current.h"
#include "process/reap.h"
#include "start/forkserver.h"
#include "start/pass_fds.h"
#include "start/spawn.h"
#include "start/spawn_data.h"

static int client;  // the server's end of the pair

// A child that has not ended.
typedef struct child {
    struct child *next;
    pid_t pid;
    mp_exit_status *exit_status;
} child;

static child *children;

// What the server found, and its children get back. It lets in no signal but
// SIGCHLD, and that only while it waits: Ctrl-C, or a SIGTERM for the whole
// group, is meant for the client, whose end the server sees anyway.
static struct sigaction found_sigchld;
static sigset_t found_mask, waiting_mask;

static void wake(int sig)
{
    (void)sig;
}

static void prepare(void)
{
    struct sigaction notice = { .sa_handler = wake };
    sigaction(SIGCHLD, &notice, &found_sigchld);
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &found_mask);
    waiting_mask = all;
    sigdelset(&waiting_mask, SIGCHLD);
}

static void give_signals_back(void)
{
    sigaction(SIGCHLD, &found_sigchld, NULL);
    sigprocmask(SIG_SETMASK, &found_mask, NULL);
}

// ---- the end of a child ---------------------------------------------------

// A child that has ended by itself has left its status already. If the client
// has seen that, the slot may be another child's by now: it has another pid.
static void note_end(pid_t pid, int exitcode)
{
    child **link = &children;
    while (*link != NULL && (*link)->pid != pid) {
        link = &(*link)->next;
    }
    child *ended = *link;
    if (ended == NULL) {
        return;
    }
    if (ended->exit_status->pid == pid &&
        ended->exit_status->exitcode == MP_NONE) {
        ended->exit_status->exitcode = exitcode;
    }
    *link = ended->next;
    free(ended);
}

// The client takes what nobody has noted for unknown once the child is reaped.
static void reap_all(void)
{
    siginfo_t info = { .si_pid = 0 };
    while (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid != 0) {
        note_end(info.si_pid, mp_reap_exitcode(&info));
        waitpid(info.si_pid, NULL, 0);
        info.si_pid = 0;
    }
}

// ---- the beginning of a child ---------------------------------------------

static int tell(int reply, pid_t pid, int error)
{
    mp_child_info info = { .pid = pid, .error = error };
    return mp_send_fds(reply, &info, sizeof info, NULL, 0);
}

// In the child. Once the info is sent, start succeeds in the client, which may
// then send signals to the child. So the child first has its signals back.
static _Noreturn void become(const mp_spawn_data *data, const int *fds,
                             pid_t server)
{
    close(client);
    give_signals_back();
    mp_spawn_data_exit_status(data)->pid = getpid();
    if (tell(fds[MP_REQUEST_REPLY], getpid(), 0) == -1) {
        _exit(MP_EXIT_UNKNOWN);  // unseen, it must not run
    }
    close(fds[MP_REQUEST_REPLY]);
    if (fchdir(fds[MP_REQUEST_DIRECTORY]) == -1) {
        mp_fail(errno, "no working directory: %s", strerror(errno));
        mp_spawn_fail();
    }
    close(fds[MP_REQUEST_DIRECTORY]);
    mp_record creator;
    int *creator_pidfd = &mp_parent_process()->record->sentinel;
    mp_process *self = mp_spawn_data_open(data, -1, &creator);
    if (self == NULL ||
        mp_move_fds(fds + MP_REQUEST_PASSED, self->pass_fds,
                    self->pass_fds_count, creator_pidfd) == -1) {
        mp_spawn_fail();
    }
    creator.sentinel = *creator_pidfd;
    self->context = &mp_start_forkserver;
    mp_process_bootstrap(self, &creator, server);
}

static void start_child(const mp_spawn_data *data, const int *fds)
{
    pid_t server = getpid();
    child *new = malloc(sizeof *new);
    pid_t pid = new != NULL ? fork() : -1;
    if (pid == 0) {
        free(new);
        become(data, fds, server);
    }
    if (pid == -1) {
        tell(fds[MP_REQUEST_REPLY], 0, errno);
        free(new);
        return;
    }
    *new = (child){ .next = children, .pid = pid,
                    .exit_status = mp_spawn_data_exit_status(data) };
    children = new;
}

// ---- the server -----------------------------------------------------------

// One request. Returns whether there may be more: none once the client has
// closed its socket.
static bool serve_request(void)
{
    const mp_spawn_data *data;
    int fds[MP_MESSAGE_FDS];
    int count = MP_MESSAGE_FDS;
    ssize_t got = mp_receive_fds(client, &data, sizeof data, fds, &count);
    if (got == 0 || (got == -1 && errno != EMFILE)) {
        return false;
    }
    if (got == -1) {
        return true;  // no descriptor free: the client sees its pair fall silent
    }
    start_child(data, fds);
    for (int i = 0; i < count; i++) {
        close(fds[i]);
    }
    return true;
}

int mp_forkserver_serve(mp_process *self)
{
    client = self->pass_fds[0];
    fcntl(client, F_SETFD, FD_CLOEXEC);
    mp_platform_flush();  // what main has printed above mp_main: once
    prepare();
    struct pollfd watched = { .fd = client, .events = POLLIN };
    do {
        reap_all();  // also at the end: init may be slow to do it
    } while (ppoll(&watched, 1, NULL, &waiting_mask) != 1 || serve_request());
    return 0;
}
