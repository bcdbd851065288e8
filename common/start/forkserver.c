#include "base/platform.h"

#include "start/forkserver.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/error.h"
#include "memory/shm.h"
#include "process/children.h"
#include "process/exit.h"
#include "start/launch.h"
#include "start/pass_fds.h"
#include "start/serve.h"
#include "start/spawn.h"
#include "start/spawn_data.h"

// The server is a process like others, but no child that the program has asked
// for: its record is not in the list of children (children.h).
static struct {
    pthread_mutex_t mutex;
    bool exists;
    int socket;  // our end
    mp_record record;
} server = { .mutex = PTHREAD_MUTEX_INITIALIZER };

static void lock(void)
{
    pthread_mutex_lock(&server.mutex);
}

static void unlock(void)
{
    pthread_mutex_unlock(&server.mutex);
}

// ---- the server's life ----------------------------------------------------

// How long, in seconds, a server has to end by itself.
#define GRACE 1.0

// Call with the lock held. The server ends when our end is closed, once it has
// reaped those of its children that have ended; others go on. A stopped server
// has to be killed, if we still may.
static void stop(void)
{
    if (!server.exists) {
        return;
    }
    close(server.socket);
    if (mp_children_join(&server.record, mp_clock_deadline(GRACE)) == 0 ||
        mp_children_signal(&server.record, SIGKILL) == 0) {
        mp_children_join(&server.record, MP_FOREVER);
    }
    close(server.record.sentinel);
    mp_shm_free(server.record.exit_status);
    server.exists = false;
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
    pid_t pid = server.exists ? server.record.pid : MP_NONE;
    unlock();
    return pid;
}

// A child of this process has no server yet. It closes its copy of our end of
// the socket, or our server would not end with us.
static void after_fork_in_child(void)
{
    if (server.exists) {
        close(server.socket);
        close(server.record.sentinel);
        server.exists = false;
    }
    unlock();
}

void mp_forkserver_begin(void)
{
    pthread_atfork(lock, unlock, after_fork_in_child);
    mp_exit_at_end(mp_forkserver_stop);
}

// A pair of sockets, both ends above the standard descriptors.
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
static int have_server(void)
{
    int pair[2];
    if (server.exists) {
        return 0;
    }
    if (make_pair(pair) == -1) {
        return -1;
    }
    server.record = (mp_record){
        .name = "ForkServer",
        .exit_status = mp_shm_alloc(sizeof(mp_exit_status)),
        MP_RECORD_EMPTY,
    };
    mp_process process = { .run = mp_forkserver_serve, .size = sizeof process,
                           .pass_fds = { pair[1] }, .pass_fds_count = 1,
                           .record = &server.record };
    server.exists = server.record.exit_status != NULL &&
                    mp_launch_by(&mp_start_spawn, &process) == 0;
    int error = errno;
    close(pair[1]);
    if (!server.exists) {
        close(pair[0]);
        mp_shm_free(server.record.exit_status);
        errno = error;
        return -1;
    }
    server.socket = pair[0];
    return 0;
}

// ---- asking it ------------------------------------------------------------

// What came of it. NOBODY: no child is or will be, since the server was killed.
typedef enum { STARTED, NOBODY, REFUSED } outcome;

// Call with the lock held, or a fork of another thread might copy the child's
// end of the pair: then we would never read its end-of-file.
static outcome send_request(const mp_spawn_data *data, int *fds, int count,
                            int *reply)
{
    int pair[2];
    if (have_server() == -1 || make_pair(pair) == -1) {
        return REFUSED;
    }
    fds[MP_REQUEST_REPLY] = pair[1];
    int sent = mp_send_fds(server.socket, &data, sizeof data, fds, count);
    int error = errno;
    close(pair[1]);
    *reply = pair[0];
    if (sent == 0) {
        return STARTED;
    }
    close(pair[0]);
    errno = error;
    if (error == EPIPE || error == ECONNRESET) {
        stop();  // it is dead already
        return NOBODY;
    }
    return REFUSED;
}

// Waits for the child's info. There is none from a child that was killed before
// it told.
static outcome receive_info(int reply, pid_t *pid)
{
    int none = 0;
    mp_child_info info = { 0 };
    ssize_t size = mp_receive_fds(reply, &info, sizeof info, NULL, &none);
    int error = size == -1 ? errno : info.error;
    close(reply);
    *pid = info.pid;
    errno = error;
    if (info.pid > 0) {
        return STARTED;
    }
    return size == 0 ? NOBODY : REFUSED;
}

// How often a start asks again where one server after the other is killed.
enum { TRIES = 10 };

// Returns the pid of a new child, or -1.
static pid_t ask(const mp_spawn_data *data, int *fds, int count)
{
    int reply;
    pid_t pid = -1;
    outcome came = NOBODY;
    for (int i = 0; i < TRIES && came == NOBODY; i++) {
        lock();
        came = send_request(data, fds, count, &reply);
        unlock();
        if (came == STARTED) {
            came = receive_info(reply, &pid);
        }
    }
    if (came == NOBODY) {
        return mp_fail(ECONNRESET, "cannot start a process: each fork server "
                                   "ended before it could serve; does main "
                                   "reach mp_main?");
    }
    return came == STARTED ? pid : mp_launch_refuse(errno);
}

static int launch(mp_process *process)
{
    const mp_spawn_data *data = mp_spawn_data_new(process);
    if (data == NULL) {
        return -1;
    }
    int fds[MP_MESSAGE_FDS];
    int directory = open(".", O_PATH | O_CLOEXEC);
    if (directory == -1) {
        return mp_launch_refuse(errno);
    }
    fds[MP_REQUEST_DIRECTORY] = directory;
    memcpy(fds + MP_REQUEST_PASSED, process->pass_fds,
           sizeof process->pass_fds);
    mp_platform_flush();
    pid_t pid = ask(data, fds, MP_REQUEST_PASSED + process->pass_fds_count);
    int error = errno;
    close(directory);  // which frees the descriptor that the sentinel needs
    errno = error;
    return pid != -1 ? mp_launch_register(process->record, pid) : -1;
}

const mp_context mp_start_forkserver = { .name = "forkserver",
                                         .class_name = "ForkServerProcess",
                                         .launch = launch };
