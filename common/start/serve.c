#include "base/platform.h"

#include "start/serve.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "start/launch.h"
#include "base/error.h"
#include "start/pass_fds.h"
#include "start/spawn_data.h"
#include "start/forkserver.h"
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
// group, is meant for the asker, whose end the server sees anyway.
static struct sigaction found_sigchld;
static sigset_t found_mask, waiting_mask;

// It has a descriptor for each child, and may have as many as the system lets.
static struct rlimit found_limit;

static void wake(int sig)
{
    (void)sig;
}

static void prepare(void)
{
    getrlimit(RLIMIT_NOFILE, &found_limit);
    struct rlimit most = { found_limit.rlim_max, found_limit.rlim_max };
    setrlimit(RLIMIT_NOFILE, &most);
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

// In the child. The hello says that start has succeeded: from then on somebody
// may stop it, and it must hold no end of anybody else's; or send it signals.
static _Noreturn void become(int *fds, int count, pid_t server)
{
    mp_close_all_but(fds, count);
    give_signals_back();
    mp_child_info hello = { .pid = getpid() };
    int self = mp_pidfd_open(hello.pid);
    if (mp_send_fds(fds[MP_REQUEST_REPLY], &hello, sizeof hello, &self, 1)) {
        _exit(MP_EXIT_UNKNOWN);  // unseen, it must not run
    }
    if (fchdir(fds[MP_REQUEST_DIRECTORY]) == -1 && errno != ENOTDIR) {
        fprintf(stderr, "no working directory: %s\n", strerror(errno));
        _exit(MP_EXIT_UNKNOWN);
    }
    close(self);
    close(fds[MP_REQUEST_REPLY]);
    close(fds[MP_REQUEST_DIRECTORY]);
    mp_spawn_data letter = { .memory = fds[MP_REQUEST_MEMORY],
                         .count = count - MP_REQUEST_LETTER };
    memcpy(letter.fds, fds + MP_REQUEST_LETTER,
           (size_t)letter.count * sizeof *fds);
    mp_record creator;
    mp_process *process = mp_spawn_data_open(&letter, &creator);
    setrlimit(RLIMIT_NOFILE, &found_limit);
    if (process == NULL) {
        fprintf(stderr, "%s\n", mp_error());
        _exit(MP_EXIT_UNKNOWN);
    }
    process->context = &mp_start_forkserver;
    mp_process_bootstrap(process, &creator, server);
}

static void start_child(int *fds, int count)
{
    pid_t server = getpid();
    child *new = malloc(sizeof *new);
    mp_child_info hello = { .error = ENOMEM };
    if (new != NULL) {
        hello.pid = fork();
        hello.error = errno;
    }
    if (new != NULL && hello.pid == 0) {
        free(new);
        become(fds, count, server);
    }
    if (new == NULL || hello.pid == -1) {
        hello.pid = 0;
        mp_send_fds(fds[MP_REQUEST_REPLY], &hello, sizeof hello, NULL, 0);
        free(new);
        return;
    }
    *new = (child){ .next = children, .pid = hello.pid,
                    .reply = fds[MP_REQUEST_REPLY] };
    children = new;
    fds[MP_REQUEST_REPLY] = -1;  // kept
}

// ---- the server -----------------------------------------------------------

// One request. The server ends with the last end of its socket: whoever its
// children are, nobody can ask how they ended.
static void serve_request(void)
{
    char unused;
    int fds[MP_MESSAGE_FDS];
    int count = MP_MESSAGE_FDS;
    ssize_t got = mp_receive_fds(MP_SPAWN_FD, &unused, sizeof unused, fds,
                                 &count);
    if (got == 0 || (got == -1 && errno != EMFILE)) {
        report_all();  // leaves no zombie to init, which may be slow
        _exit(0);
    }
    if (got == -1 || count < MP_REQUEST_LETTER + MP_SPAWN_DATA_LEAST) {
        return;  // no descriptor free: the asker sees its pair fall silent
    }
    start_child(fds, count);
    for (int i = 0; i < count; i++) {
        close(fds[i]);
    }
}

void mp_forkserver_serve(void)
{
    mp_launch_flush();  // what main has printed above mp_main: once
    mp_close_all_but((int[]){ MP_SPAWN_FD }, 1);
    fcntl(MP_SPAWN_FD, F_SETFD, FD_CLOEXEC);
    prepare();
    struct pollfd asker = { .fd = MP_SPAWN_FD, .events = POLLIN };
    for (;;) {
        report_all();
        if (ppoll(&asker, 1, NULL, &waiting_mask) == 1) {
            serve_request();
        }
    }
}
