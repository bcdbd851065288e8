#include "base/platform.h"

#include "start/forkserver.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "start/launch.h"
#include "base/clock.h"
#include "base/error.h"
#include "start/pass_fds.h"
#include "start/serve.h"
#include "start/spawn_data.h"
#include "start/server.h"

typedef struct {
    mp_child_info hello;
    int pidfd;   // the child's
    int report;  // our end of its pair
} answer;

// Waits for the hello. What comes in its place from a child that was killed
// before it is the server's report, which is shorter; or nothing at all.
static mp_server_outcome read_hello(answer *got)
{
    int count = 1;
    got->hello = (mp_child_info){ 0 };
    ssize_t size = mp_receive_fds(got->report, &got->hello, sizeof got->hello,
                                  &got->pidfd, &count);
    int error = errno;
    if (size == sizeof got->hello && got->hello.pid > 0) {
        return MP_SERVER_DONE;
    }
    close(got->report);
    if (size == sizeof got->hello) {
        errno = got->hello.error;
        return MP_SERVER_CANNOT;
    }
    if (size == -1 && got->hello.pid > 0) {
        kill(got->hello.pid, SIGKILL);  // no descriptor was free: unwatched
    }
    errno = error;
    return size == -1 ? MP_SERVER_CANNOT : MP_SERVER_NOBODY;
}

static mp_server_outcome ask(const mp_spawn_data *letter, int directory,
                             answer *got)
{
    int fds[MP_MESSAGE_FDS] = { [MP_REQUEST_MEMORY] = letter->memory,
                                [MP_REQUEST_DIRECTORY] = directory };
    memcpy(fds + MP_REQUEST_LETTER, letter->fds,
           (size_t)letter->count * sizeof *fds);
    mp_server_outcome sent = mp_server_request(
        fds, MP_REQUEST_LETTER + letter->count, &got->report);
    return sent == MP_SERVER_DONE ? read_hello(got) : sent;
}

// For how long, in seconds, a start asks again where somebody kills one server
// after the other.
#define MP_FORKSERVER_PATIENCE 2.0

static int ask_until_answered(const mp_spawn_data *letter, answer *got)
{
    // Where it cannot be opened, the child stays in the server's.
    int directory = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    double deadline = mp_clock_deadline(MP_FORKSERVER_PATIENCE);
    struct timespec pause = { .tv_nsec = 1000000 };
    mp_server_outcome came;
    while ((came = ask(letter, directory != -1 ? directory : letter->memory,
                       got)) == MP_SERVER_NOBODY ||
           came == MP_SERVER_LATER) {
        if (mp_clock_now() >= deadline) {
            break;
        }
        nanosleep(&pause, NULL);
        pause.tv_nsec = pause.tv_nsec < 50000000 ? 2 * pause.tv_nsec
                                                 : pause.tv_nsec;
    }
    int error = errno;
    close(directory);
    if (came == MP_SERVER_NOBODY) {
        return mp_fail(ECONNRESET, "cannot start a process: each fork server "
                                   "ended before it could serve; does main "
                                   "reach mp_main?");
    }
    return came == MP_SERVER_DONE ? 0 : mp_launch_refuse(error);
}

static int launch(mp_process *process)
{
    mp_spawn_data letter;
    if (mp_spawn_data_write(&letter, process) == -1) {
        return -1;
    }
    mp_launch_flush();
    answer child;
    int asked = ask_until_answered(&letter, &child);
    mp_spawn_data_close(&letter);
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
