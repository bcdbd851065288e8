#include "platform.h"

#include "fdio.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "clock.h"
#include "error.h"

// poll(2) until something is readable or the deadline has passed, through all
// signals. Returns how many are, 0 when the time has passed, or -1.
static int poll_until(struct pollfd *watched, nfds_t count, double deadline)
{
    for (;;) {
        struct timespec left = mp_clock_remaining(deadline);
        int ready = ppoll(watched, count, &left, NULL);
        if (ready > 0 || (ready == 0 && mp_clock_now() >= deadline)) {
            return ready;
        }
        if (ready == -1 && errno != EINTR) {
            return mp_fail(errno, "cannot wait: %s", strerror(errno));
        }
    }
}

static int refuse_closed(void)
{
    return mp_fail(EBADF, "cannot wait: %s", strerror(EBADF));
}

int mp_fd_wait(int fd, double deadline)
{
    struct pollfd watched = { .fd = fd, .events = POLLIN };
    int ready = poll_until(&watched, 1, deadline);
    if (ready == 0) {
        return mp_fail(ETIMEDOUT, "timed out");
    }
    if (ready == 1 && (watched.revents & POLLNVAL) != 0) {
        return refuse_closed();
    }
    return ready == 1 ? 0 : -1;
}

// Moves what is ready to the caller's list.
static int collect(const struct pollfd *watched, int count, int *ready)
{
    int found = 0;
    for (int i = 0; i < count; i++) {
        if ((watched[i].revents & POLLNVAL) != 0) {
            return refuse_closed();
        }
        if (watched[i].revents != 0) {
            ready[found++] = watched[i].fd;
        }
    }
    return found;
}

int mp_wait(const int *descriptors, int count, int *ready, double timeout)
{
    double deadline = mp_clock_deadline(timeout);
    if (count < 0) {
        return mp_fail(EINVAL, "cannot wait for %d descriptors", count);
    }
    struct pollfd *watched = calloc((size_t)count + 1, sizeof *watched);
    if (watched == NULL) {
        return mp_fail(ENOMEM, "no memory to wait for %d descriptors", count);
    }
    for (int i = 0; i < count; i++) {
        // poll would pass over a negative one in silence.
        watched[i].fd = descriptors[i] >= 0 ? descriptors[i] : INT_MAX;
        watched[i].events = POLLIN;
    }
    int found = poll_until(watched, (nfds_t)count, deadline);
    if (found > 0) {
        found = collect(watched, count, ready);
    }
    free(watched);
    return found;
}

// ---- memory ---------------------------------------------------------------

int mp_memory_file(size_t size)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && size > limit.rlim_cur) {
        errno = EFBIG;
        return -1;
    }
    int fd = mp_fd_raise(memfd_create("multiprocessing", MFD_CLOEXEC));
    if (fd != -1 && ftruncate(fd, (off_t)size) == -1) {
        int error = errno;
        close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

int mp_write_at(int fd, const void *data, size_t size, off_t offset)
{
    const char *next = data;
    while (size > 0) {
        ssize_t written = pwrite(fd, next, size, offset);
        if (written == -1 && errno != EINTR) {
            return -1;
        }
        if (written > 0) {
            next += written;
            offset += written;
            size -= (size_t)written;
        }
    }
    return 0;
}

// ---- in a new process -----------------------------------------------------

void mp_close_all_but(const int *fds, int count)
{
    int first = STDERR_FILENO + 1;
    for (;;) {
        int next = INT_MAX;  // the lowest one, from `first` on, that stays
        for (int i = 0; i < count; i++) {
            if (fds[i] >= first && fds[i] < next) {
                next = fds[i];
            }
        }
        if (next == INT_MAX) {
            mp_close_range(first, INT_MAX);
            return;
        }
        mp_close_range(first, next - 1);
        first = next + 1;
    }
}

// First all go above any of the numbers: one of them may have the number that
// another one is to get.
int mp_move_fds(int *fds, int count, const int *numbers, int from)
{
    int above = STDERR_FILENO;
    for (int i = from; i < count; i++) {
        above = numbers[i - from] > above ? numbers[i - from] : above;
    }
    for (int i = 0; i < count; i++) {
        if (fds[i] != -1) {
            int moved = mp_fd_copy(fds[i], above + 1);
            if (moved == -1) {
                return mp_fail(errno, "cannot keep a descriptor: %s",
                               strerror(errno));
            }
            close(fds[i]);
            fds[i] = moved;
        }
    }
    for (int i = from; i < count; i++) {
        int moved = fds[i];
        fds[i] = dup2(moved, numbers[i - from]);
        close(moved);
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
    ancillary room = { 0 };
    struct iovec part = { .iov_base = (void *)data, .iov_len = size };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
    if (count > 0) {
        message.msg_control = room.bytes;
        message.msg_controllen = CMSG_SPACE((size_t)count * sizeof *fds);
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN((size_t)count * sizeof *fds);
        memcpy(CMSG_DATA(header), fds, (size_t)count * sizeof *fds);
    }
    ssize_t sent;
    do {
        sent = sendmsg(socket, &message, MSG_NOSIGNAL);
    } while (sent == -1 && errno == EINTR);
    return sent == -1 ? -1 : 0;
}

// Moves the descriptors of a message to `fds`; closes those that find no room.
static void unpack(struct msghdr *message, int *fds, int *count)
{
    int room = *count;
    *count = 0;
    struct cmsghdr *header = CMSG_FIRSTHDR(message);
    if (header == NULL || header->cmsg_type != SCM_RIGHTS) {
        return;
    }
    int came = (int)((header->cmsg_len - CMSG_LEN(0)) / sizeof *fds);
    for (int i = 0; i < came; i++) {
        int fd;
        memcpy(&fd, CMSG_DATA(header) + (size_t)i * sizeof fd, sizeof fd);
        if (*count < room) {
            fds[(*count)++] = mp_fd_raise(fd);
        } else {
            close(fd);
        }
    }
}

ssize_t mp_receive_fds(int socket, void *data, size_t size, int *fds,
                       int *count)
{
    ancillary room;
    struct iovec part = { .iov_base = data, .iov_len = size };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1,
                              .msg_control = room.bytes,
                              .msg_controllen = sizeof room.bytes };
    ssize_t got;
    do {
        got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    } while (got == -1 && errno == EINTR);
    if (got == -1) {
        *count = 0;
        return -1;
    }
    unpack(&message, fds, count);
    if ((message.msg_flags & MSG_CTRUNC) != 0) {
        while (*count > 0) {
            close(fds[--*count]);
        }
        errno = EMFILE;
        return -1;
    }
    return got;
}
