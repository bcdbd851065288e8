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
    pid_t requests;  // the number of the last one; above what is a pid
} server = { .mutex = PTHREAD_MUTEX_INITIALIZER, .requests = 1 << 30 };

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
#define GRACE 3.0

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

// After the first use of shared memory, so that a fork takes our lock before
// that of shared memory, as we do.
static void begin(void)
{
    pthread_atfork(lock, unlock, after_fork_in_child);
    mp_exit_at_end(mp_forkserver_stop);
}

// Call with the lock held.
static int have_server(void)
{
    if (server.exists && mp_children_runs(&server.record)) {
        return 0;
    }
    stop();
    int pair[2] = { -1, -1 };
    mp_exit_status *exit_status = mp_shm_alloc(sizeof *exit_status);
    const int type = SOCK_SEQPACKET | SOCK_CLOEXEC;
    if (exit_status != NULL && socketpair(AF_UNIX, type, 0, pair) == 0) {
        pair[0] = mp_fd_raise(pair[0]);
        pair[1] = mp_fd_raise(pair[1]);
    }
    server.record = (mp_record){ .name = "ForkServer",
                                 .exit_status = exit_status, MP_RECORD_EMPTY };
    mp_process process = { .run = mp_forkserver_serve, .size = sizeof process,
                           .pass_fds = { pair[1] }, .pass_fds_count = 1,
                           .record = &server.record };
    server.exists = pair[0] != -1 && pair[1] != -1 &&
                    mp_launch_by(&mp_start_spawn, &process) == 0;
    server.socket = pair[0];
    int error = errno;
    close(pair[1]);
    if (!server.exists) {
        close(pair[0]);
        mp_shm_free(exit_status);
        errno = error;
    }
    return server.exists ? 0 : -1;
}

// ---- asking it ------------------------------------------------------------

// What came of it. NOBODY: the server or the child was killed before the child
// could begin.
typedef enum { STARTED, NOBODY, REFUSED } outcome;

// Seconds after which a killed server is noticed.
#define BEAT 0.01

static bool still_runs(pid_t pid)
{
    lock();
    bool runs = server.exists && server.record.pid == pid &&
                mp_children_runs(&server.record);
    unlock();
    return runs;
}

// Waits until the child has begun, or is known never to begin.
static outcome await_child(mp_exit_status *exit_status, pid_t asked)
{
    for (;;) {
        uint32_t seen = mp_eventcount_read(&exit_status->begun);
        pid_t pid = atomic_load(&exit_status->pid);
        if (pid > 0) {
            return STARTED;
        }
        if (pid == -1) {
            errno = exit_status->exitcode;
            return exit_status->exitcode == MP_NONE ? NOBODY : REFUSED;
        }
        mp_eventcount_await(&exit_status->begun, seen, BEAT);
        if (atomic_load(&exit_status->pid) == pid && !still_runs(asked)) {
            atomic_compare_exchange_strong(&exit_status->pid, &pid, -1);
        }
    }
}

static outcome ask(mp_request request, const int *fds, int count)
{
    lock();
    int had = have_server();
    pid_t asked = server.record.pid;
    request.number = ++server.requests;
    atomic_store(&request.exit_status->pid, -request.number);
    if (had == 0 && mp_send_fds(server.socket, &request, sizeof request, fds,
                                count) == -1) {
        // A server that is dead is noticed below.
        had = errno == EPIPE || errno == ECONNRESET ? 0 : -1;
    }
    unlock();
    return had == 0 ? await_child(request.exit_status, asked) : REFUSED;
}

// How often a start asks where one server after the other is killed.
enum { TRIES = 10 };

static int launch(mp_process *process)
{
    mp_request request = { .data = mp_spawn_data_new(process),
                           .exit_status = process->record->exit_status };
    if (request.data == NULL) {
        return -1;
    }
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, begin);
    int fds[MP_MESSAGE_FDS] = { open(".", O_PATH | O_CLOEXEC) };
    memcpy(fds + MP_REQUEST_PASSED, process->pass_fds,
           sizeof process->pass_fds);
    mp_platform_flush();
    outcome came = fds[MP_REQUEST_DIRECTORY] != -1 ? NOBODY : REFUSED;
    for (int i = 0; i < TRIES && came == NOBODY; i++) {
        came = ask(request, fds, MP_REQUEST_PASSED + process->pass_fds_count);
    }
    int error = errno;
    // This frees the descriptor that the sentinel needs.
    close(fds[MP_REQUEST_DIRECTORY]);
    if (came == NOBODY) {
        return mp_fail(ECONNRESET, "cannot start a process: each fork server "
                                   "ended before it could serve; does main "
                                   "reach mp_main?");
    }
    return came == STARTED
               ? mp_launch_register(process->record,
                                    request.exit_status->pid)
               : mp_launch_refuse(error);
}

const mp_context mp_start_forkserver = { .name = "forkserver",
                                         .class_name = "ForkServerProcess",
                                         .launch = launch };
