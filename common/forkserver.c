#include "platform.h"

#include "forkserver.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "birth.h"
#include "error.h"
#include "fdio.h"
#include "letter.h"
#include "start_forkserver.h"
#include "start_spawn.h"

// A child that has not ended.
typedef struct child {
    struct child *next;
    pid_t pid;
    int reply;  // where its end is reported
} child;

static child *children;

// What the server does with signals, and what it found: its children get that
// back. It ignores SIGINT, since Ctrl-C reaches all processes of a terminal and
// is meant for the asker; SIGCHLD wakes it.
static struct sigaction found_sigint, found_sigchld;
static sigset_t found_mask;

// It has a descriptor for each child, and may have as many as the system lets.
static struct rlimit found_limit;

static void wake(int sig)
{
    (void)sig;
}

// SIGCHLD is let in only while the server waits, so that none is missed.
static void prepare(void)
{
    getrlimit(RLIMIT_NOFILE, &found_limit);
    struct rlimit most = { found_limit.rlim_max, found_limit.rlim_max };
    setrlimit(RLIMIT_NOFILE, &most);
    struct sigaction ignore = { .sa_handler = SIG_IGN };
    struct sigaction notice = { .sa_handler = wake };
    sigset_t blocked;
    sigaction(SIGINT, &ignore, &found_sigint);
    sigaction(SIGCHLD, &notice, &found_sigchld);
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGCHLD);
    sigprocmask(SIG_BLOCK, &blocked, &found_mask);
}

static void give_signals_back(void)
{
    sigaction(SIGINT, &found_sigint, NULL);
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

// In the child. The hello says that start has succeeded: from then on the child
// may be sent signals.
static _Noreturn void become(int *fds, int count, pid_t server)
{
    give_signals_back();
    mp_hello hello = { .pid = getpid() };
    int self = mp_pidfd_open(hello.pid);
    if (mp_send_fds(fds[MP_REQUEST_REPLY], &hello, sizeof hello, &self, 1)) {
        _exit(MP_EXIT_UNKNOWN);  // unseen, it must not run
    }
    if (fchdir(fds[MP_REQUEST_DIRECTORY]) == -1) {
        // It may have been removed, and then we are nowhere better.
    }
    mp_letter letter = { .memory = fds[MP_REQUEST_MEMORY],
                         .count = count - MP_REQUEST_LETTER };
    memcpy(letter.fds, fds + MP_REQUEST_LETTER,
           (size_t)letter.count * sizeof *fds);
    mp_record creator;
    mp_process *process = mp_letter_open(&letter, &creator);
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
    mp_hello hello = { .error = ENOMEM };
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
    if (got == 0) {
        _exit(0);
    }
    if (got == -1 || count < MP_REQUEST_LETTER + MP_LETTER_LEAST) {
        return;  // no descriptor free: the asker sees its pair fall silent
    }
    start_child(fds, count);
    for (int i = 0; i < count; i++) {
        close(fds[i]);
    }
}

void mp_forkserver_serve(void)
{
    mp_birth_flush();  // what main has printed above mp_main: once
    mp_close_all_but((int[]){ MP_SPAWN_FD }, 1);
    fcntl(MP_SPAWN_FD, F_SETFD, FD_CLOEXEC);
    prepare();
    struct pollfd asker = { .fd = MP_SPAWN_FD, .events = POLLIN };
    for (;;) {
        report_all();
        if (ppoll(&asker, 1, NULL, &found_mask) == 1) {
            serve_request();
        }
    }
}
