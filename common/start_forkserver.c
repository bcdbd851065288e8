#include "platform.h"

#include "start_forkserver.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>

#include "birth.h"
#include "error.h"
#include "family.h"
#include "fdio.h"
#include "forkserver.h"
#include "letter.h"
#include "start_spawn.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

// Protected by the mutex.
static struct {
    pid_t pid;   // MP_NONE: there is none
    int pidfd;
    int socket;  // our end
} server = { .pid = MP_NONE };

static void lock(void)
{
    pthread_mutex_lock(&mutex);
}

static void unlock(void)
{
    pthread_mutex_unlock(&mutex);
}

// ---- the server's life, as we see it --------------------------------------

static void forget(void)
{
    if (server.pid != MP_NONE) {
        close(server.socket);
        close(server.pidfd);
        server.pid = MP_NONE;
    }
}

// Call with the lock held. It has nothing to lose: a child that lives goes on.
static void stop(void)
{
    if (server.pid != MP_NONE) {
        siginfo_t info;
        mp_pidfd_send_signal(server.pidfd, SIGKILL);
        while (waitid(MP_P_PIDFD, (id_t)server.pidfd, &info, WEXITED) == -1 &&
               errno == EINTR) {
        }
        forget();
    }
}

void mp_forkserver_stop(void)
{
    lock();
    stop();
    unlock();
}

pid_t mp_forkserver_pid(void)
{
    lock();
    pid_t pid = server.pid;
    unlock();
    return pid;
}

// A child of this process has no server yet: ours would not end with us while
// somebody else holds our end of its socket.
static void after_fork_in_child(void)
{
    forget();
    unlock();
}

static void prepare(void)
{
    pthread_atfork(lock, unlock, after_fork_in_child);
    mp_family_at_end(mp_forkserver_stop);
}

// Call with the lock held.
static int start_server(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, prepare);
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == -1) {
        return -1;
    }
    server.socket = mp_fd_raise(pair[0]);
    int theirs = mp_fd_raise(pair[1]);
    pid_t pid = mp_spawn_image(MP_FORKSERVER_MARK, theirs, NULL, 0);
    close(theirs);
    server.pidfd = pid != -1 ? mp_birth_sentinel(pid) : -1;
    if (server.pidfd == -1) {
        int error = errno;
        close(server.socket);  // which ends the server, if there is one
        errno = error;
        return -1;
    }
    server.pid = pid;
    return 0;
}

// How often a start asks, where somebody kills one server after the other.
enum { MP_FORKSERVER_TRIES = 10 };

// ---- a start --------------------------------------------------------------

// Sends the letter with the other end of the child's pair, `reply`.
static int request(const mp_letter *letter, int reply, int directory)
{
    int fds[MP_MESSAGE_FDS] = { [MP_REQUEST_MEMORY] = letter->memory,
                                [MP_REQUEST_REPLY] = reply,
                                [MP_REQUEST_DIRECTORY] = directory };
    memcpy(fds + MP_REQUEST_LETTER, letter->fds,
           (size_t)letter->count * sizeof *fds);
    lock();
    int sent = server.pid != MP_NONE || start_server() == 0 ? 0 : -1;
    if (sent == 0) {
        sent = mp_send_fds(server.socket, "", 1, fds,
                           MP_REQUEST_LETTER + letter->count);
        if (sent == -1 && (errno == EPIPE || errno == ECONNRESET)) {
            stop();
            sent = 0;
        }
    }
    unlock();
    return sent;
}

// What came of asking.
typedef struct {
    mp_hello hello;
    int pidfd;   // the child's
    int report;  // our end of its pair
} answer;

// Asks once. Returns 0 if there is a child, 1 if there is none because the
// server or the child was killed meanwhile, -1 if there can be none.
static int ask(const mp_letter *letter, int directory, answer *got)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == -1) {
        return -1;
    }
    got->report = mp_fd_raise(pair[0]);
    int reply = mp_fd_raise(pair[1]);
    int asked = request(letter, reply, directory);
    int error = errno;
    close(reply);  // which keeps a descriptor free for the pidfd
    int count = 1;
    ssize_t size = 0;
    got->hello = (mp_hello){ 0 };
    if (asked == 0) {
        size = mp_receive_fds(got->report, &got->hello, sizeof got->hello,
                              &got->pidfd, &count);
        error = errno;
    }
    if (size == sizeof got->hello && got->hello.pid > 0) {
        return 0;
    }
    close(got->report);
    if (size == sizeof got->hello) {
        error = got->hello.error;
    } else if (size == -1 && got->hello.pid > 0) {
        kill(got->hello.pid, SIGKILL);  // no descriptor was free: unwatched
    }
    errno = error;
    return asked == -1 || size == -1 || size == sizeof got->hello ? -1 : 1;
}

static int ask_until_answered(const mp_letter *letter, answer *got)
{
    int directory = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (directory == -1) {
        return mp_birth_refuse(errno);
    }
    int asked = 1;
    for (int tries = 0; asked == 1 && tries < MP_FORKSERVER_TRIES; tries++) {
        asked = ask(letter, directory, got);
    }
    int error = errno;
    close(directory);
    if (asked == 1) {
        return mp_fail(ECONNRESET, "cannot start a process: each fork server "
                                   "ended before it could serve; does main "
                                   "reach mp_main?");
    }
    return asked == 0 ? 0 : mp_birth_refuse(error);
}

static int launch(mp_process *process)
{
    mp_letter letter;
    if (mp_letter_write(&letter, process) == -1) {
        return -1;
    }
    mp_birth_flush();
    answer child;
    int asked = ask_until_answered(&letter, &child);
    mp_letter_close(&letter);
    if (asked == -1) {
        return -1;
    }
    if (mp_children_started(process->record, child.hello.pid, child.pidfd,
                            child.report) == -1) {
        mp_pidfd_send_signal(child.pidfd, SIGKILL);
        close(child.pidfd);
        close(child.report);
        return -1;
    }
    return 0;
}

const mp_context mp_start_forkserver = { .name = "forkserver",
                                         .class_name = "ForkServerProcess",
                                         .launch = launch };
