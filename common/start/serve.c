#include "base/platform.h"

#include "start/serve.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "base/error.h"
#include "process/current.h"
#include "process/reap.h"
#include "start/forkserver.h"
#include "start/pass_fds.h"
#include "start/spawn.h"
#include "start/spawn_data.h"

static int client;    // the server's end of the pair
static pid_t server;  // its pid

// A child that has not ended.
typedef struct child {
    struct child *next;
    pid_t pid;
    mp_request request;
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

// Tells the client the pid of its child; or -1, if there will be none, with an
// error as the exit code, if any. Returns whether the client waited for that.
static bool tell(const mp_request *request, pid_t pid)
{
    mp_exit_status *exit_status = request->exit_status;
    pid_t asked = -request->number;
    if (!atomic_compare_exchange_strong(&exit_status->pid, &asked, pid)) {
        return false;
    }
    mp_eventcount_advance(&exit_status->begun);
    mp_eventcount_wake(&exit_status->begun, 1);
    return true;
}

// ---- the end of a child ---------------------------------------------------

// A child that has ended by itself has left its status already. If the client
// has seen that, the slot may serve something else by now: so it is changed
// only if it still has the number, or the pid, of this child.
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
    mp_exit_status *slot = ended->request.exit_status;
    if (!tell(&ended->request, -1) && atomic_load(&slot->pid) == pid &&
        slot->exitcode == MP_NONE) {
        slot->exitcode = exitcode;
    }
    *link = ended->next;
    free(ended);
}

// Each end is noted before the child is reaped: the client waits no longer.
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

// In the child. Once it has told its pid, start succeeds in the client, which
// may then send signals to the child. So the child first has its signals back.
static _Noreturn void become(const mp_request *request, const int *fds)
{
    close(client);
    give_signals_back();
    if (!tell(request, getpid())) {
        _exit(MP_EXIT_UNKNOWN);
    }
    if (fchdir(fds[MP_REQUEST_DIRECTORY]) == -1) {
        mp_fail(errno, "no working directory: %s", strerror(errno));
        mp_spawn_fail();
    }
    close(fds[MP_REQUEST_DIRECTORY]);
    mp_record creator;
    int *creator_pidfd = &mp_parent_process()->record->sentinel;
    mp_process *self = mp_spawn_data_open(request->data, -1, &creator);
    if (self == NULL ||
        mp_move_fds(fds + MP_REQUEST_PASSED, self->pass_fds,
                    self->pass_fds_count, creator_pidfd) == -1) {
        mp_spawn_fail();
    }
    creator.sentinel = *creator_pidfd;
    self->context = &mp_start_forkserver;
    mp_process_bootstrap(self, &creator, server);
}

// There is no child.
static void refuse(const mp_request *request, int error)
{
    request->exit_status->exitcode = error;
    tell(request, -1);
}

static void start_child(const mp_request *request, const int *fds)
{
    child *new = malloc(sizeof *new);
    pid_t pid = new != NULL ? fork() : -1;
    if (pid == 0) {
        free(new);
        become(request, fds);
    }
    if (pid == -1) {
        refuse(request, errno);
        free(new);
        return;
    }
    *new = (child){ .next = children, .pid = pid, .request = *request };
    children = new;
}

// ---- the server -----------------------------------------------------------

// One request. Returns whether there may be more.
static bool serve_request(void)
{
    mp_request request;
    int fds[MP_MESSAGE_FDS], count;
    ssize_t got = mp_receive_fds(client, &request, sizeof request, fds, &count);
    if (got == 0 || (got == -1 && errno != EMFILE) ||
        !mp_process_is_alive(mp_parent_process())) {
        return false;
    }
    if (got == -1) {
        refuse(&request, EMFILE);
        return true;
    }
    start_child(&request, fds);
    for (int i = 0; i < count; i++) {
        close(fds[i]);
    }
    return true;
}

int mp_forkserver_serve(mp_process *self)
{
    client = self->pass_fds[0];
    server = getpid();
    fcntl(client, F_SETFD, FD_CLOEXEC);
    mp_platform_flush();  // or each child prints what main had printed before
    prepare();
    struct pollfd watched = { .fd = client, .events = POLLIN };
    while (ppoll(&watched, 1, NULL, &waiting_mask) != 1 || serve_request()) {
        reap_all();
    }
    reap_all();  // init may be slow to do it
    return 0;
}
