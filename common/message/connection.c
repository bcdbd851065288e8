#include "base/platform.h"

#include "message/connection.h"

#include <endian.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/descriptors.h"
#include "base/error.h"
#include "base/pid.h"

// A message of up to so many bytes is sent with its size by one call, as
// CPython does; the size of a larger one by a call of its own.
enum { TOGETHER = 16384 };

int mp_pipe(bool duplex, mp_connection *first, mp_connection *second)
{
    int fds[2];
    if ((duplex ? socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds)
                : pipe2(fds, O_CLOEXEC)) == -1) {
        return mp_fail(errno, "cannot make a pipe: %s", strerror(errno));
    }
    fds[0] = mp_fd_raise(fds[0]);
    fds[1] = mp_fd_raise(fds[1]);
    if (fds[0] == -1 || fds[1] == -1) {
        close(fds[0] != -1 ? fds[0] : fds[1]);
        return mp_fail(EMFILE, "cannot make a pipe: %s", strerror(EMFILE));
    }
    *first = (mp_connection){ .fd = fds[0], .readable = true,
                              .writable = duplex };
    *second = (mp_connection){ .fd = fds[1], .readable = duplex,
                               .writable = true };
    return 0;
}

void mp_connection_close(mp_connection *connection)
{
    if (connection->fd != -1) {
        close(connection->fd);
        connection->fd = -1;
    }
}

static int check(const mp_connection *connection, bool allowed,
                 const char *other_way)
{
    if (connection->fd == -1) {
        return mp_fail(EBADF, "handle is closed");
    }
    return allowed ? 0 : mp_fail(EBADF, "connection is %s-only", other_way);
}

// ---- sending --------------------------------------------------------------

static void no_action(int sig)
{
    (void)sig;
}

// Once in each process: a child of fork has the default action again (fork.c).
static void let_sigpipe_pass(void)
{
    static _Atomic unsigned done_in;
    if (done_in != mp_own_generation()) {
        struct sigaction action;
        sigaction(SIGPIPE, NULL, &action);
        if (action.sa_handler == SIG_DFL) {
            action = (struct sigaction){ .sa_handler = no_action,
                                         .sa_flags = SA_RESTART };
            sigaction(SIGPIPE, &action, NULL);
        }
        done_in = mp_own_generation();
    }
}

static int write_all(int fd, const void *bytes, size_t size)
{
    for (size_t sent = 0; sent < size;) {
        ssize_t n = write(fd, (const char *)bytes + sent, size - sent);
        if (n == -1 && errno != EINTR) {
            return mp_fail(errno, "cannot send a message: %s", strerror(errno));
        }
        sent += n > 0 ? (size_t)n : 0;
    }
    return 0;
}

int mp_connection_send_bytes(mp_connection *connection, const void *bytes,
                             size_t size)
{
    unsigned char first[12 + TOGETHER];
    if (check(connection, connection->writable, "read") == -1) {
        return -1;
    }
    let_sigpipe_pass();
    // The highest byte comes first.
    uint32_t small = htobe32(size > INT32_MAX ? UINT32_MAX : (uint32_t)size);
    uint64_t large = htobe64(size);
    memcpy(first, &small, 4);
    if (size > TOGETHER) {
        memcpy(first + 4, &large, 8);
        return write_all(connection->fd, first, size > INT32_MAX ? 12 : 4) == 0
                   ? write_all(connection->fd, bytes, size) : -1;
    }
    if (size > 0) {
        memcpy(first + 4, bytes, size);
    }
    return write_all(connection->fd, first, 4 + size);
}

// ---- receiving ------------------------------------------------------------

// All of these bytes, of a message that has begun or not.
static int read_all(const mp_connection *connection, void *bytes, size_t size,
                    bool begun, double deadline)
{
    for (size_t got = 0; got < size;) {
        if (deadline < MP_FOREVER &&
            mp_fd_wait(connection->fd, deadline) == -1) {
            return -1;
        }
        ssize_t n = read(connection->fd, (char *)bytes + got, size - got);
        if (n > 0) {
            got += (size_t)n;
        } else if (n == 0 || errno == ECONNRESET) {
            return begun || got > 0
                       ? mp_fail(EBADMSG, "got end of file during message")
                       : mp_fail(ENODATA, "end of file");
        } else if (errno != EINTR) {
            return mp_fail(errno, "cannot receive a message: %s",
                           strerror(errno));
        }
    }
    return 0;
}

static int read_size(mp_connection *connection, double deadline)
{
    uint32_t small;
    uint64_t large;
    if (connection->announced) {
        return 0;
    }
    if (read_all(connection, &small, 4, false, deadline) == -1) {
        return -1;
    }
    int64_t size = (int32_t)be32toh(small);
    if (size == -1) {
        if (read_all(connection, &large, 8, true, deadline) == -1) {
            return -1;
        }
        size = (int64_t)be64toh(large);
    }
    if (size < 0) {
        return mp_fail(EBADMSG, "bad message length");
    }
    connection->announced = true;
    connection->size = (uint64_t)size;
    return 0;
}

static ssize_t read_body(mp_connection *connection, void *bytes,
                         double deadline)
{
    connection->announced = false;
    int got = read_all(connection, bytes, connection->size, true, deadline);
    return got == 0 ? (ssize_t)connection->size : -1;
}

ssize_t mp_connection_recv_before(mp_connection *connection, void *buffer,
                                  size_t room, double deadline)
{
    if (check(connection, connection->readable, "write") == -1 ||
        read_size(connection, deadline) == -1) {
        return -1;
    }
    if (connection->size > room) {
        return mp_fail(EMSGSIZE, "bad message length: it has %llu bytes, and "
                       "there is room for %zu",
                       (unsigned long long)connection->size, room);
    }
    return read_body(connection, buffer, deadline);
}

ssize_t mp_connection_recv_bytes_into(mp_connection *connection, void *buffer,
                                      size_t room)
{
    return mp_connection_recv_before(connection, buffer, room, MP_FOREVER);
}

ssize_t mp_connection_recv_bytes(mp_connection *connection, void **message)
{
    if (check(connection, connection->readable, "write") == -1 ||
        read_size(connection, MP_FOREVER) == -1) {
        return -1;
    }
    *message = malloc(connection->size > 0 ? connection->size : 1);
    if (*message == NULL) {
        return mp_fail(ENOMEM, "no memory for a message of %llu bytes",
                       (unsigned long long)connection->size);
    }
    ssize_t size = read_body(connection, *message, MP_FOREVER);
    if (size == -1) {
        free(*message);
        *message = NULL;
    }
    return size;
}

int mp_connection_poll(mp_connection *connection, double timeout)
{
    if (check(connection, connection->readable, "write") == -1) {
        return -1;
    }
    if (mp_fd_wait(connection->fd, mp_clock_deadline(timeout)) == 0) {
        return 1;
    }
    return errno == ETIMEDOUT ? 0 : -1;
}
