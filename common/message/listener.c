#include "base/platform.h"

#include "message/listener.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/clock.h"
#include "base/descriptors.h"
#include "base/error.h"
#include "base/pid.h"
#include "message/authkey.h"

typedef struct {
    union {
        struct sockaddr any;
        struct sockaddr_un un;
        struct sockaddr_in in;
    };
    socklen_t size;
} address;

static int fail(const char *what, const mp_address_options *at)
{
    return mp_fail(errno, "cannot %s %s: %s", what,
                   at->path != NULL ? at->path : at->host, strerror(errno));
}

static void path_address(const char *path, address *found)
{
    *found = (address){ .un.sun_family = AF_UNIX };
    memcpy(found->un.sun_path, path, strlen(path));
    if (*path == '@') {
        found->un.sun_path[0] = '\0';
    }
    found->size = offsetof(struct sockaddr_un, sun_path) + strlen(path);
}

static int host_address(const char *host, int port, address *found)
{
    *found = (address){ .in = { .sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port) },
                        .size = sizeof found->in };
    host = *host == '\0' ? "0.0.0.0"
           : strcmp(host, "localhost") == 0 ? "127.0.0.1" : host;
    return inet_pton(AF_INET, host, &found->in.sin_addr) == 1
               ? 0 : mp_fail(EINVAL, "'%s' is no IPv4 address", host);
}

// Checks the options, and opens a socket for their address.
static int open_socket(const mp_address_options *options, int flags,
                       address *found)
{
    const char *path = options->path, *host = options->host;
    size_t length = path != NULL ? strlen(path) : 1;
    int on = 1;
    if ((path == NULL) == (host == NULL) || options->port < 0 ||
        options->port > UINT16_MAX || length == 0 ||
        length >= sizeof found->un.sun_path) {
        return mp_fail(EINVAL, "an address is a path of 1 to 107 bytes, or a "
                       "host and a port");
    }
    if (mp_authkey_check(options->authkey, options->authkey_size) == -1 ||
        (host != NULL && host_address(host, options->port, found) == -1)) {
        return -1;
    }
    if (path != NULL) {
        path_address(path, found);
    }
    int fd = mp_fd_raise(socket(found->any.sa_family,
                                SOCK_STREAM | SOCK_CLOEXEC | flags, 0));
    if (fd == -1) {
        return fail("open a socket for", options);
    }
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    // Or what follows the size of a large message waits 40 ms (tcp(7)).
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

// The address becomes a path in a directory that only this user may enter.
static int make_directory(mp_listener *listener, mp_address_options *at)
{
    const char *parent = getenv("TMPDIR");
    at->path = listener->address;
    // A longer name is cut, and mkdtemp refuses it.
    snprintf(listener->address, sizeof listener->address - strlen("/listener"),
             "%s/mp-XXXXXX",
             parent != NULL && *parent != '\0' ? parent : "/tmp");
    if (mkdtemp(listener->address) == NULL) {
        return fail("make the directory", at);
    }
    strcat(listener->address, "/listener");
    listener->private_directory = true;
    listener->owner = mp_own_pid();
    return 0;
}

static int begin_listening(mp_listener *listener, const mp_address_options *at)
{
    address its;
    listener->fd = open_socket(at, SOCK_NONBLOCK, &its);
    if (listener->fd == -1) {
        return -1;
    }
    if (bind(listener->fd, &its.any, its.size) == -1 ||
        listen(listener->fd, at->backlog > 0 ? at->backlog : 1) == -1 ||
        getsockname(listener->fd, &its.any, &its.size) == -1) {
        return fail("listen at", at);
    }
    if (at->path != NULL) {
        memmove(listener->address, at->path, strlen(at->path) + 1);
        listener->owner = *at->path != '@' ? mp_own_pid() : 0;
    } else {
        char host[INET_ADDRSTRLEN];
        listener->port = ntohs(its.in.sin_port);
        sprintf(listener->address, "%s:%d",
                inet_ntop(AF_INET, &its.in.sin_addr, host, sizeof host),
                listener->port);
    }
    return 0;
}

int mp_listener_init_with(mp_listener *listener,
                          const mp_address_options *options)
{
    mp_address_options at = *options;
    mp_listener made = { .fd = -1, .authenticates = at.authkey != NULL,
                         .authkey_size = at.authkey_size };
    if (at.path == NULL && at.host == NULL && at.port == 0 &&
        make_directory(&made, &at) == -1) {
        return -1;
    }
    if (begin_listening(&made, &at) == -1) {
        int error = errno;
        mp_listener_close(&made);
        errno = error;
        return -1;
    }
    if (made.authenticates) {
        memcpy(made.authkey, at.authkey, at.authkey_size);
    }
    *listener = made;
    return 0;
}

void mp_listener_close(mp_listener *listener)
{
    if (listener->fd != -1) {
        close(listener->fd);
    }
    if (listener->owner == mp_own_pid()) {
        unlink(listener->address);
        if (listener->private_directory) {
            *strrchr(listener->address, '/') = '\0';
            rmdir(listener->address);
        }
    }
    *listener = (mp_listener){ .fd = -1 };
}

static int connected(mp_connection *connection, int fd, bool client,
                     const void *key, size_t size)
{
    mp_connection made = { .fd = fd, .readable = true, .writable = true };
    double deadline = mp_clock_deadline(MP_HANDSHAKE_SECONDS);
    if (key != NULL &&
        mp_authkey_prove(&made, client, key, size, deadline) == -1) {
        close(fd);
        return -1;
    }
    *connection = made;
    return 0;
}

int mp_listener_accept(mp_listener *listener, mp_connection *connection,
                       double timeout)
{
    double deadline = mp_clock_deadline(timeout);
    int fd = -1;
    if (listener->fd == -1) {
        return mp_fail(EBADF, "listener is closed");
    }
    while (fd == -1) {
        if (mp_fd_wait(listener->fd, deadline) == -1) {
            return -1;
        }
        // Another process may have been faster, or the client is gone again.
        fd = mp_fd_raise(accept4(listener->fd, NULL, NULL, SOCK_CLOEXEC));
        if (fd == -1 && errno != EAGAIN && errno != ECONNABORTED) {
            return mp_fail(errno, "cannot accept: %s", strerror(errno));
        }
    }
    return connected(connection, fd, false,
                     listener->authenticates ? listener->authkey : NULL,
                     listener->authkey_size);
}

int mp_client_with(mp_connection *connection, const mp_address_options *options)
{
    address at;
    int fd = open_socket(options, 0, &at), result;
    if (fd == -1) {
        return -1;
    }
    const double deadline = mp_clock_deadline(MP_HANDSHAKE_SECONDS);
    struct timeval most, none = { 0 };
    do {  // a signal handler interrupts connect(2), which then goes on
        struct timespec left = mp_clock_remaining(deadline);
        most = (struct timeval){ left.tv_sec, left.tv_nsec / 1000 | 1 };
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &most, sizeof most);
        result = connect(fd, &at.any, at.size);
    } while (result == -1 && errno == EINTR && mp_clock_now() < deadline);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &none, sizeof none);
    if (result == -1) {
        errno = errno == EAGAIN || errno == EINPROGRESS || errno == EINTR
                    ? ETIMEDOUT : errno;
        fail("connect to", options);
        close(fd);
        return -1;
    }
    return connected(connection, fd, true, options->authkey,
                     options->authkey_size);
}
