#include "base/platform.h"

#include "base/descriptors.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"

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

int mp_fd_wait(int fd, double deadline)
{
    struct pollfd watched = { .fd = fd, .events = POLLIN };
    int ready = poll_until(&watched, 1, deadline);
    if (ready == 0) {
        return mp_fail(ETIMEDOUT, "timed out");
    }
    if (ready == 1 && (watched.revents & POLLNVAL) != 0) {
        return mp_fail(EBADF, "cannot wait: %s", strerror(EBADF));
    }
    return ready == 1 ? 0 : -1;
}

// Moves what is ready to the caller's list.
static int collect(const struct pollfd *watched, int count, int *ready)
{
    int found = 0;
    for (int i = 0; i < count; i++) {
        if ((watched[i].revents & POLLNVAL) != 0) {
            return mp_fail(EBADF, "cannot wait: %s", strerror(EBADF));
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
