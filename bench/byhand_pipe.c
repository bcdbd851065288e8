// The map by pipe (byhand.h).

#include "base/platform.h"

#include "byhand.h"

#include <poll.h>
#include <string.h>

#include "bench.h"
#include "base/error.h"

// The most that everybody may ask for, unless the machine says otherwise
// (/proc/sys/fs/pipe-max-size). The more a pipe holds, the less often one side
// has to wait for the other.
enum { PIPE_SIZE = 1 << 20 };

// A worker has one chunk at a time, and reads all of it before it writes: so
// never do it and the parent both write, each waiting for the other to read.
typedef struct {
    pid_t pid;           // 0: there is none
    int down, up;        // the parent's ends
    byhand_chunk chunk;  // of none where it has nothing to do
} pipe_worker;

static pipe_worker workers[BYHAND_WORKERS];

static bool read_all(int fd, int64_t *numbers, int64_t count)
{
    char *to = (char *)numbers;
    char *end = (char *)(numbers + count);
    while (to < end) {
        ssize_t got = read(fd, to, (size_t)(end - to));
        if (got <= 0) {
            return false;
        }
        to += got;
    }
    return true;
}

static bool write_all(int fd, const int64_t *numbers, int64_t count)
{
    const char *from = (const char *)numbers;
    const char *end = (const char *)(numbers + count);
    while (from < end) {
        ssize_t put = write(fd, from, (size_t)(end - from));
        if (put <= 0) {
            return false;
        }
        from += put;
    }
    return true;
}

// ---- the worker -----------------------------------------------------------

// What comes is how many items there are, and then they; what goes back is
// their squares, which stand in the same place.
static _Noreturn void serve(int in, int out)
{
    int64_t *items = NULL;
    int64_t count, room = 0;
    while (read_all(in, &count, 1)) {
        if (count > room) {
            free(items);
            items = malloc((size_t)count * sizeof *items);
            room = count;
        }
        if (items == NULL || !read_all(in, items, count) ||
            !byhand_square(items, items, count) ||
            !write_all(out, items, count)) {
            break;
        }
    }
    _exit(1);
}

static int start(pipe_worker *worker)
{
    int down[2], up[2];
    if (pipe2(down, O_CLOEXEC) == -1) {
        return mp_fail(errno, "cannot make a pipe: %s", strerror(errno));
    }
    if (pipe2(up, O_CLOEXEC) == -1) {
        int error = errno;
        close(down[0]);
        close(down[1]);
        return mp_fail(error, "cannot make a pipe: %s", strerror(error));
    }
    // Where this is refused they stay as they are, and do their work as well.
    fcntl(down[1], F_SETPIPE_SZ, PIPE_SIZE);
    fcntl(up[1], F_SETPIPE_SZ, PIPE_SIZE);
    pid_t pid = byhand_fork();
    if (pid == 0) {
        serve(down[0], up[1]);
    }
    close(down[0]);
    close(up[1]);
    *worker = (pipe_worker){ .pid = pid, .down = down[1], .up = up[0] };
    if (pid == -1) {
        worker->pid = 0;
        close(down[1]);
        close(up[0]);
        return -1;
    }
    return 0;
}

void byhand_pipe_end(void)
{
    for (int i = 0; i < BYHAND_WORKERS; i++) {
        if (workers[i].pid > 0) {
            close(workers[i].down);
            close(workers[i].up);
            byhand_kill(&workers[i].pid);
        }
    }
}

// ---- the parent -----------------------------------------------------------

static bool send_chunk(pipe_worker *to, const items_arrays *a,
                       byhand_chunk chunk)
{
    to->chunk = chunk;
    return write_all(to->down, &chunk.count, 1) &&
           write_all(to->down, a->items + chunk.first, chunk.count);
}

static bool receive_chunk(pipe_worker *from, const items_arrays *a)
{
    byhand_chunk chunk = from->chunk;
    from->chunk.count = 0;
    return read_all(from->up, a->results + chunk.first, chunk.count);
}

// Waits until one at least of the workers answers, and takes the answers.
static bool receive_some(const items_arrays *a)
{
    struct pollfd polled[BYHAND_WORKERS];
    for (int i = 0; i < BYHAND_WORKERS; i++) {
        bool busy = workers[i].chunk.count > 0;
        polled[i] = (struct pollfd){ busy ? workers[i].up : -1, POLLIN, 0 };
    }
    if (poll(polled, BYHAND_WORKERS, -1) == -1) {
        return false;
    }
    for (int i = 0; i < BYHAND_WORKERS; i++) {
        if (polled[i].revents != 0 && !receive_chunk(&workers[i], a)) {
            return false;
        }
    }
    return true;
}

// Whoever has nothing to do gets the next chunk, until there are no more and
// all have answered.
static bool map(const items_arrays *a)
{
    int64_t number = 0;
    for (;;) {
        bool busy = false;
        for (int i = 0; i < BYHAND_WORKERS; i++) {
            byhand_chunk next = byhand_cut(a->n, number);
            if (workers[i].chunk.count == 0 && next.count > 0) {
                number++;
                if (!send_chunk(&workers[i], a, next)) {
                    return false;
                }
            }
            busy = busy || workers[i].chunk.count > 0;
        }
        if (!busy) {
            return true;
        }
        if (!receive_some(a)) {
            return false;
        }
    }
}

int64_t byhand_pipe(const items_arrays *a)
{
    // That a worker has died is an error, and not our end.
    signal(SIGPIPE, SIG_IGN);
    for (int i = 0; i < BYHAND_WORKERS; i++) {
        if (workers[i].pid == 0 && start(&workers[i]) == -1) {
            return -1;
        }
    }
    int64_t begin = bench_now();
    if (!map(a)) {
        return mp_fail(EPIPE, "a worker of the map by pipe has ended");
    }
    return bench_now() - begin;
}
