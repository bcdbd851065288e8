#include "base/platform.h"

#include "start/serve.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "base/error.h"
#include "memory/arena.h"
#include "start/forkserver.h"
#include "start/launch.h"
#include "start/pass_fds.h"
#include "start/spawn.h"

// A child that has not ended.
typedef struct child {
    struct child *next;
    pid_t pid;
    int reply;  // where its end is reported
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

static void report(pid_t pid, int status)
{
    child **link = &children;
    while (*link != NULL && (*link)->pid != pid) {
        link = &(*link)->next;
    }
    child *ended = *link;
    if (ended == NULL) {
        return;
    }
    int exitcode = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    mp_send_fds(ended->reply, &exitcode, sizeof exitcode, NULL, 0);
    close(ended->reply);
    *link = ended->next;
    free(ended);
}

static void report_all(void)
{
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        report(pid, status);
    }
}

// ---- the beginning of a child ---------------------------------------------

// In the child. Once the info is sent, start succeeds in the client, which may
// then send signals to the child. So the child first closes what belongs to
// other children, and has its signals back.
static void tell_client(const int *fds, int count)
{
    mp_close_all_but(fds, count, mp_shm_get_arena().fd, -1);
    give_signals_back();
    mp_child_info info = { .pid = getpid() };
    if (mp_send_fds(fds[MP_REQUEST_REPLY], &info, sizeof info, NULL, 0)) {
        _exit(MP_EXIT_UNKNOWN);  // unseen, it must not run
    }
    close(fds[MP_REQUEST_REPLY]);
}

static _Noreturn void become(const mp_spawn_data *data, const int *fds,
                             int count, pid_t server)
{
    tell_client(fds, count);
    const char *directory = mp_spawn_data_directory(data);
    if (directory != NULL && chdir(directory) == -1) {
        mp_fail(errno, "no working directory: %s", strerror(errno));
        mp_spawn_fail();
    }
    mp_record creator;
    mp_process *self = mp_spawn_data_open(data, fds[MP_REQUEST_CREATOR],
                                          &creator);
    if (self == NULL ||
        mp_move_fds(fds + MP_REQUEST_PASSED, self->pass_fds,
                    self->pass_fds_count, &creator.sentinel) == -1) {
        mp_spawn_fail();
    }
    self->context = &mp_start_forkserver;
    mp_process_bootstrap(self, &creator, server);
}

static void start_child(const mp_spawn_data *data, int *fds, int count)
{
    pid_t server = getpid();
    child *new = malloc(sizeof *new);
    mp_child_info info = { .error = ENOMEM };
    if (new != NULL) {
        info.pid = fork();
        info.error = errno;
    }
    if (new != NULL && info.pid == 0) {
        free(new);
        become(data, fds, count, server);
    }
    if (new == NULL || info.pid == -1) {
        info.pid = 0;
        mp_send_fds(fds[MP_REQUEST_REPLY], &info, sizeof info, NULL, 0);
        free(new);
        return;
    }
    *new = (child){ .next = children, .pid = info.pid,
                    .reply = fds[MP_REQUEST_REPLY] };
    children = new;
    fds[MP_REQUEST_REPLY] = -1;  // kept
}

// ---- the server -----------------------------------------------------------

// One request. The server ends when its client has closed the socket: nobody is
// left to ask how its children end.
static void serve_request(int socket)
{
    const mp_spawn_data *data;
    int fds[MP_MESSAGE_FDS];
    int count = MP_MESSAGE_FDS;
    ssize_t got = mp_receive_fds(socket, &data, sizeof data, fds, &count);
    if (got == 0 || (got == -1 && errno != EMFILE)) {
        report_all();  // leaves no zombie to init, which may be slow
        _exit(0);
    }
    if (got == -1) {
        return;  // no descriptor free: the client sees its pair fall silent
    }
    start_child(data, fds, count);
    for (int i = 0; i < count; i++) {
        close(fds[i]);
    }
}

void mp_forkserver_serve(const char *argument)
{
    int socket = atoi(mp_spawn_open_arena(argument));
    mp_platform_flush();  // what main has printed above mp_main: once
    mp_close_all_but(NULL, 0, socket, mp_shm_get_arena().fd);
    fcntl(socket, F_SETFD, FD_CLOEXEC);
    prepare();
    struct pollfd client = { .fd = socket, .events = POLLIN };
    for (;;) {
        report_all();
        if (ppoll(&client, 1, NULL, &waiting_mask) == 1) {
            serve_request(socket);
        }
    }
}
