#include "base/platform.h"

#include "start/pass_fds.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

#include "base/error.h"

// ---- in a new process -----------------------------------------------------

static int least_from(int from, const int *fds, int count)
{
    int least = INT_MAX;
    for (int i = 0; i < count; i++) {
        least = fds[i] >= from && fds[i] < least ? fds[i] : least;
    }
    return least;
}

static void close_from_to(int from, int to)
{
    if (from < to && syscall(SYS_close_range, from, to - 1, 0) == -1) {
        int limit = (int)sysconf(_SC_OPEN_MAX);
        for (int fd = from; fd < to && fd < limit; fd++) {
            close(fd);
        }
    }
}

void mp_close_all_but(const int *fds, int count)
{
    int from = STDERR_FILENO + 1, kept;
    while ((kept = least_from(from, fds, count)) != INT_MAX) {
        close_from_to(from, kept);
        from = kept + 1;
    }
    close_from_to(from, INT_MAX);
}

// One may have the number that another one is to get. So all move above these
// numbers first.
int mp_move_fds(const int *fds, const int *numbers, int count, int *other)
{
    int highest = STDERR_FILENO, moved[MP_MESSAGE_FDS] = { 0 };
    bool failed = false;
    for (int i = 0; i < count; i++) {
        highest = numbers[i] > highest ? numbers[i] : highest;
    }
    for (int i = 0; i <= count; i++) {
        int fd = i < count ? fds[i] : *other;
        moved[i] = fcntl(fd, F_DUPFD_CLOEXEC, highest + 1);
        failed = failed || moved[i] == -1;
        close(fd);
    }
    *other = moved[count];
    for (int i = 0; i < count && !failed; i++) {
        failed = dup2(moved[i], numbers[i]) == -1;
        close(moved[i]);
    }
    if (failed) {
        return mp_fail(errno == EINVAL ? EMFILE : errno,
                       "cannot keep a descriptor: %s", strerror(errno));
    }
    return 0;
}

// ---- passing descriptors on, unix(7) --------------------------------------

typedef union {
    char bytes[CMSG_SPACE(MP_MESSAGE_FDS * sizeof(int))];
    struct cmsghdr aligned;
} ancillary;

int mp_send_fds(int socket, const void *data, size_t size, const int *fds,
                int count)
{
    ancillary memory = { 0 };
    const size_t fds_size = (size_t)count * sizeof *fds;
    struct iovec part = { .iov_base = (void *)data, .iov_len = size };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1,
                              .msg_control = memory.bytes,
                              .msg_controllen = CMSG_SPACE(fds_size) };
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(fds_size);
    memcpy(CMSG_DATA(header), fds, fds_size);
    ssize_t sent;
    do {
        sent = sendmsg(socket, &message, MSG_NOSIGNAL);
    } while (sent == -1 && errno == EINTR);
    return sent == -1 ? -1 : 0;
}

// Moves the descriptors of a message to `fds`, above the standard ones. Returns
// how many. One that finds no room there is -1.
static int unpack(struct msghdr *message, int *fds)
{
    struct cmsghdr *header = CMSG_FIRSTHDR(message);
    if (header == NULL) {
        return 0;
    }
    int count = (int)((header->cmsg_len - CMSG_LEN(0)) / sizeof *fds);
    memcpy(fds, CMSG_DATA(header), (size_t)count * sizeof *fds);
    for (int i = 0; i < count; i++) {
        fds[i] = mp_fd_raise(fds[i]);
    }
    return count;
}

ssize_t mp_receive_fds(int socket, void *data, size_t size, int *fds,
                       int *count)
{
    ancillary memory;
    struct iovec part = { .iov_base = data, .iov_len = size };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1,
                              .msg_control = memory.bytes,
                              .msg_controllen = sizeof memory.bytes };
    ssize_t got;
    do {
        got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    } while (got == -1 && errno == EINTR);
    *count = got != -1 ? unpack(&message, fds) : 0;
    if ((message.msg_flags & MSG_CTRUNC) != 0) {
        while (*count > 0) {
            close(fds[--*count]);
        }
        errno = EMFILE;
        return -1;
    }
    return got;
}
