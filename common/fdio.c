#include "platform.h"

#include "fdio.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "clock.h"
#include "error.h"

int mp_fd_wait(int fd, double deadline)
{
    struct pollfd watched = { .fd = fd, .events = POLLIN };
    for (;;) {
        struct timespec left = mp_clock_remaining(deadline);
        int ready = ppoll(&watched, 1, &left, NULL);
        if (ready == 1 && (watched.revents & POLLNVAL) != 0) {
            return mp_fail(EBADF, "cannot wait: %s", strerror(EBADF));
        }
        if (ready == 1) {
            return 0;
        }
        if (ready == -1 && errno != EINTR) {
            return mp_fail(errno, "cannot wait: %s", strerror(errno));
        }
        if (mp_clock_now() >= deadline) {
            return mp_fail(ETIMEDOUT, "timed out");
        }
    }
}
