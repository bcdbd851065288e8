#include "base/platform.h"

#include "message/listener.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include "base/clock.h"
#include "base/descriptors.h"
#include "base/error.h"
#include "base/pid.h"
#include "message/authkey.h"

// A static program has them not: they would load libraries (nsswitch.conf(5)).
#pragma weak getaddrinfo
#pragma weak freeaddrinfo

typedef struct {
    union {
        struct sockaddr any;
        struct sockaddr_un un;
        struct sockaddr_in in;
    };
    socklen_t size;
} address;

// ---- addresses ------------------------------------------------------------

static int path_address(const char *path, address *found)
{
    size_t length = strlen(path);
    if (length == 0 || length >= sizeof found->un.sun_path) {
        return mp_fail(length == 0 ? EINVAL : ENAMETOOLONG,
                       "AF_UNIX path too %s", length == 0 ? "short" : "long");
    }
    found->un.sun_family = AF_UNIX;
    memcpy(found->un.sun_path, path, length);
    found->size = sizeof found->un;
    if (*path == '@') {
        found->un.sun_path[0] = '\0';
        found->size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
                                  length);
    }
    return 0;
}

static int host_address(const char *host, int port, address *found)
{
    struct addrinfo want = { .ai_family = AF_INET,
                             .ai_socktype = SOCK_STREAM }, *list;
    found->in = (struct sockaddr_in){ .sin_family = AF_INET,
                                      .sin_port = htons((uint16_t)port) };
    found->size = sizeof found->in;
    host = *host == '\0' ? "0.0.0.0"
           : strcmp(host, "localhost") == 0 ? "127.0.0.1" : host;
    if (inet_pton(AF_INET, host, &found->in.sin_addr) == 1) {
        return 0;
    }
    if (getaddrinfo == NULL || getaddrinfo(host, NULL, &want, &list) != 0) {
        return mp_fail(EADDRNOTAVAIL, "no address of a host '%s' is known",
                       host);
    }
    found->in.sin_addr = ((struct sockaddr_in *)list->ai_addr)->sin_addr;
    freeaddrinfo(list);
    return 0;
}

static int find_address(const mp_address_options *options, address *found)
{
    const char *path = options->path, *host = options->host;
    *found = (address){ .size = 0 };
    if ((path == NULL) == (host == NULL) || options->port < 0 ||
        options->port > UINT16_MAX) {
        return mp_fail(EINVAL, "an address is a path, or a host and a port");
    }
    return path != NULL ? path_address(path, found)
                        : host_address(host, options->port, found);
}

static int open_socket(const address *of, int flags)
{
    return mp_fd_raise(socket(of->any.sa_family,
                              SOCK_STREAM | SOCK_CLOEXEC | flags, 0));
}

static int fail(const char *what, const char *where)
{
    return mp_fail(errno, "cannot %s %s: %s", what, where, strerror(errno));
}

// Closes what a call that failed has opened, and keeps errno.
static int give_up(int fd)
{
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

// ---- the listener ---------------------------------------------------------

// The path of a file in a directory that only this user may enter.
static int make_directory(mp_listener *listener)
{
    const char *parent = getenv("TMPDIR");
    size_t room = sizeof listener->address - sizeof "/listener" + 1;
    int size = snprintf(listener->address, room, "%s/mp-XXXXXX",
                        parent != NULL && *parent != '\0' ? parent : "/tmp");
    if (size >= (int)room || mkdtemp(listener->address) == NULL) {
        return mp_fail(size >= (int)room ? ENAMETOOLONG : errno,
                       "cannot make a directory in $TMPDIR or /tmp");
    }
    memcpy(listener->address + size, "/listener", sizeof "/listener");
    listener->private_directory = true;
    return 0;
}

static int begin_listening(mp_listener *listener, int backlog, address *at)
{
    char *text = listener->address;
    int on = 1;
    listener->fd = open_socket(at, SOCK_NONBLOCK);
    if (listener->fd == -1 ||
        setsockopt(listener->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) ||
        bind(listener->fd, &at->any, at->size) == -1) {
        return fail("listen at", text);
    }
    listener->file = at->any.sa_family == AF_UNIX && at->un.sun_path[0] != '\0';
    if (listen(listener->fd, backlog > 0 ? backlog : 1) == -1 ||
        getsockname(listener->fd, &at->any, &at->size) == -1) {
        return fail("listen at", text);
    }
    if (at->any.sa_family == AF_INET) {
        listener->port = ntohs(at->in.sin_port);
        inet_ntop(AF_INET, &at->in.sin_addr, text, INET_ADDRSTRLEN);
        sprintf(text + strlen(text), ":%d", listener->port);
    }
    return 0;
}

int mp_listener_init_with(mp_listener *listener,
                          const mp_address_options *options)
{
    mp_address_options o = *options;
    mp_listener made = { .fd = -1, .owner = mp_own_pid(),
                         .authenticates = o.authkey != NULL,
                         .authkey_size = o.authkey_size };
    address at;
    if (mp_authkey_check(o.authkey, o.authkey_size) == -1) {
        return -1;
    }
    if (o.authkey != NULL) {
        memcpy(made.authkey, o.authkey, o.authkey_size);
    }
    if (o.path == NULL && o.host == NULL && o.port == 0) {
        if (make_directory(&made) == -1) {
            return -1;
        }
        o.path = made.address;
    } else {
        snprintf(made.address, sizeof made.address, "%s",
                 o.path != NULL ? o.path : o.host != NULL ? o.host : "");
    }
    if (find_address(&o, &at) == -1 ||
        begin_listening(&made, o.backlog, &at) == -1) {
        int error = errno;
        mp_listener_close(&made);
        errno = error;
        return -1;
    }
    *listener = made;
    return 0;
}

void mp_listener_close(mp_listener *listener)
{
    if (listener->fd != -1) {
        close(listener->fd);
    }
    if (listener->owner == mp_own_pid() && listener->file) {
        unlink(listener->address);
    }
    if (listener->owner == mp_own_pid() && listener->private_directory) {
        *strrchr(listener->address, '/') = '\0';
        rmdir(listener->address);
    }
    *listener = (mp_listener){ .fd = -1 };
}

// ---- connections ----------------------------------------------------------

static int connected(mp_connection *connection, int fd, bool client,
                     const void *key, size_t size, double deadline)
{
    mp_connection made = { .fd = fd, .readable = true, .writable = true };
    int on = 1;
    // Or what follows the size of a large message waits 40 ms (tcp(7)).
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (key != NULL &&
        mp_authkey_prove(&made, client, key, size, deadline) == -1) {
        return give_up(fd);
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
        if (fd == -1 && errno != EAGAIN && errno != EINTR &&
            errno != ECONNABORTED) {
            return fail("accept at", listener->address);
        }
    }
    return connected(connection, fd, false,
                     listener->authenticates ? listener->authkey : NULL,
                     listener->authkey_size,
                     mp_clock_deadline(MP_HANDSHAKE_SECONDS));
}

// A signal handler interrupts connect(2), which then goes on where it was.
static int connect_before(int fd, const address *to, double deadline)
{
    int result;
    do {
        struct timespec left = mp_clock_remaining(deadline);
        struct timeval limit = { .tv_sec = left.tv_sec,
                                 .tv_usec = left.tv_nsec / 1000 + 1 };
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
        result = connect(fd, &to->any, to->size);
    } while (result == -1 && errno == EINTR);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &(struct timeval){ 0 },
               sizeof(struct timeval));
    if (result == -1 && (errno == EAGAIN || errno == EINPROGRESS)) {
        errno = ETIMEDOUT;
    }
    return result;
}

int mp_client_with(mp_connection *connection, const mp_address_options *options)
{
    double deadline = mp_clock_deadline(MP_HANDSHAKE_SECONDS);
    address at;
    if (mp_authkey_check(options->authkey, options->authkey_size) == -1 ||
        find_address(options, &at) == -1) {
        return -1;
    }
    int fd = open_socket(&at, 0);
    if (fd == -1 || connect_before(fd, &at, deadline) == -1) {
        fail("connect to", options->path != NULL ? options->path
                                                 : options->host);
        return give_up(fd);
    }
    return connected(connection, fd, true, options->authkey,
                     options->authkey_size, deadline);
}
