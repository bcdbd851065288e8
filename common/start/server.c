#include "base/platform.h"

#include "start/server.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>

#include "start/launch.h"
#include "base/clock.h"
#include "process/current.h"
#include "base/descriptors.h"
#include "start/pass_fds.h"
#include "start/serve.h"
#include "start/spawn.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

// What the children of a server would have as its own, and not as ours.
typedef struct {
    uid_t user[3];   // real, effective, saved
    gid_t group[3];
} credentials;

// Protected by the mutex.
static struct {
    pid_t pid;   // MP_NONE: there is none
    int pidfd;
    int socket;  // our end
    credentials credentials;
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

// How long, in seconds, a server has to end by itself.
#define MP_SERVER_GRACE 1.0

// Call with the lock held. The server ends when our end is closed, once it has
// reaped those of its children that have ended; others go on. A stopped one has
// to be killed, if we still may.
static void stop(void)
{
    if (server.pid != MP_NONE) {
        siginfo_t info;
        close(server.socket);
        double deadline = mp_clock_deadline(MP_SERVER_GRACE);
        if (mp_fd_wait(server.pidfd, deadline) == -1) {
            mp_pidfd_send_signal(server.pidfd, SIGKILL);
        }
        while (waitid(MP_P_PIDFD, (id_t)server.pidfd, &info, WEXITED) == -1 &&
               errno == EINTR) {
        }
        close(server.pidfd);
        server.pid = MP_NONE;
    }
}

void mp_server_stop(void)
{
    lock();
    stop();
    unlock();
}

pid_t mp_server_pid(void)
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
    if (server.pid != MP_NONE) {
        close(server.socket);
        close(server.pidfd);
        server.pid = MP_NONE;
    }
    unlock();
}

void mp_server_begin(void)
{
    pthread_atfork(lock, unlock, after_fork_in_child);
    mp_current_at_exit(mp_server_stop);
}

static credentials get_credentials(void)
{
    credentials ours;
    getresuid(&ours.user[0], &ours.user[1], &ours.user[2]);
    getresgid(&ours.group[0], &ours.group[1], &ours.group[2]);
    return ours;
}

// A pair of sockets, both ends above the numbers that are kept free.
static int make_pair(int pair[2])
{
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == -1) {
        return -1;
    }
    pair[0] = mp_fd_raise(pair[0]);
    pair[1] = mp_fd_raise(pair[1]);
    if (pair[0] == -1 || pair[1] == -1) {
        close(pair[0]);
        close(pair[1]);
        errno = EMFILE;
        return -1;
    }
    return 0;
}

// Call with the lock held.
static int start_server(void)
{
    int pair[2];
    if (make_pair(pair) == -1) {
        return -1;
    }
    pid_t pid = mp_spawn_image(MP_FORKSERVER_MARK, pair[1], NULL, 0);
    int pidfd = pid != -1 ? mp_launch_sentinel(pid) : -1;
    int error = errno;
    close(pair[1]);
    if (pidfd == -1) {
        close(pair[0]);
        if (pid != -1) {
            mp_launch_undo(pid);
        }
        errno = error;
        return -1;
    }
    server.pid = pid;
    server.pidfd = pidfd;
    server.socket = pair[0];
    server.credentials = get_credentials();
    return 0;
}

// Call with the lock held. The children of a server that is older than a
// setuid(2) would have rights that we have given up.
static int have_server(void)
{
    credentials ours = get_credentials();
    if (server.pid != MP_NONE &&
        memcmp(&ours, &server.credentials, sizeof ours) != 0) {
        stop();
    }
    return server.pid != MP_NONE ? 0 : start_server();
}

// ---- asking it ------------------------------------------------------------

// Call with the lock held: no fork of another thread gets a copy of the child's
// end, by which the asker sees who lives.
static mp_server_outcome send_request(int *fds, int count, int *report)
{
    int pair[2];
    if (have_server() == -1 || make_pair(pair) == -1) {
        return MP_SERVER_CANNOT;
    }
    fds[MP_REQUEST_REPLY] = pair[1];
    int sent = mp_send_fds(server.socket, "", 1, fds, count);
    int error = errno;
    close(pair[1]);  // which keeps a descriptor free for the pidfd
    *report = pair[0];
    if (sent == 0) {
        return MP_SERVER_DONE;
    }
    close(pair[0]);
    if (error == EPIPE || error == ECONNRESET) {
        stop();  // it is dead already
        return MP_SERVER_NOBODY;
    }
    errno = error;
    return error == ETOOMANYREFS ? MP_SERVER_LATER : MP_SERVER_CANNOT;
}

mp_server_outcome mp_server_request(int *fds, int count, int *report)
{
    lock();
    mp_server_outcome sent = send_request(fds, count, report);
    unlock();
    return sent;
}
