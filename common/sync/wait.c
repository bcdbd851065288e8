#include "base/platform.h"

#include "sync/wait.h"

#include <poll.h>
#include <string.h>

#include "base/pid.h"

// Field 22 of /proc/pid/stat (proc(5)), its low bits; 0 where we may not read
// that. Field 2, a name in brackets, may itself have blanks and brackets.
static mp_owner started(pid_t pid)
{
    char path[32], text[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    int fd = mp_fd_raise(open(path, O_RDONLY | O_CLOEXEC));
    ssize_t got = fd != -1 ? read(fd, text, sizeof text - 1) : 0;
    close(fd);
    text[got > 0 ? got : 0] = '\0';
    const char *at = strrchr(text, ')');
    for (int field = 2; at != NULL && field < 22; field++) {
        at = strchr(at + 1, ' ');
    }
    return at != NULL ? strtoull(at, NULL, 10) & 0x3ffff : 0;
}

// A child of fork finds its parent's here, and that the word says so.
static _Thread_local struct {
    const _Atomic unsigned *word;
    unsigned generation;
    mp_owner owner;
} self;

mp_owner mp_owner_self(void)
{
    if (self.word == NULL || *self.word != self.generation) {
        pid_t pid = mp_own_pid();
        self.word = mp_own_generation_word();
        self.generation = *self.word;
        self.owner = (mp_owner)pid | (mp_owner)syscall(SYS_gettid) << 24 |
                     started(pid) << 46;
    }
    return self.owner;
}

bool mp_owner_is_dead(mp_owner owner)
{
    int pidfd = mp_pidfd_open(MP_OWNER_PID(owner));
    if (pidfd == -1) {  // the last two: the number is now a thread's
        return errno == ESRCH || errno == EINVAL || errno == ENOENT;
    }
    bool has_ended = poll(&(struct pollfd){ pidfd, POLLIN, 0 }, 1, 0) == 1;
    close(pidfd);
    mp_owner then = owner >> 46, now = started(MP_OWNER_PID(owner));
    return has_ended || (then != 0 && now != 0 && then != now);
}

mp_waiting mp_waiting_begin(double timeout)
{
    return (mp_waiting){ .deadline = mp_clock_deadline(timeout),
                         .look = mp_clock_now() + MP_LOOK_EVERY };
}

mp_reason mp_waiting_sleep(mp_waiting *wait, _Atomic uint32_t *word,
                           uint32_t seen, uint32_t bits)
{
    double now = mp_clock_now();
    if (now >= wait->deadline) {
        return MP_LATE;
    }
    if (now >= wait->look) {
        wait->look = MP_FOREVER;  // until it has slept, however long it looks
        return MP_LOOK;
    }
    wait->look = wait->look < MP_FOREVER ? wait->look : now + MP_LOOK_EVERY;
    // This form of the call takes a time of the clock, not a length of time.
    struct timespec until = mp_clock_timespec(
        wait->look < wait->deadline ? wait->look : wait->deadline);
    syscall(SYS_futex, word, MP_FUTEX_WAIT_BITSET, seen, &until, NULL, bits);
    return MP_WOKEN;
}

void mp_wake_sleepers(_Atomic uint32_t *word, uint32_t most, uint32_t bits)
{
    syscall(SYS_futex, word, MP_FUTEX_WAKE_BITSET, most, NULL, NULL, bits);
}

bool mp_count_await(mp_eventcount *events, uint32_t seen, double deadline)
{
    while (mp_eventcount_read(events) == seen) {
        double left = deadline - mp_clock_now();
        if (!(left > 0)) {
            return false;
        }
        mp_eventcount_await(events, seen,
                            left < MP_LOOK_EVERY ? left : MP_LOOK_EVERY);
    }
    return true;
}
