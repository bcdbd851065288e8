#include "base/platform.h"

#include "trace/trace.h"

#include <sched.h>
#include <string.h>

#include "base/clock.h"
#include "base/pid.h"
#include "process/current.h"

static const char *path;

// Opened each time: so the program has its descriptors for itself.
static int add_line(const char *line, size_t size)
{
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (fd == -1) {
        return -1;
    }
    int result = write(fd, line, size) == (ssize_t)size ? 0 : -1;
    close(fd);
    return result;
}

static void event(const char *what, const void *object, long number)
{
    char line[MP_NAME_SIZE + 256];
    int error = errno;
    int size = snprintf(line, sizeof line,
                        "%.6f\t%d\t%ld\t%s\t%d\t%.40s\t%#lx\t%ld\n",
                        mp_clock_now(), (int)mp_own_pid(), syscall(SYS_gettid),
                        mp_process_name(mp_current_process()), sched_getcpu(),
                        what, (unsigned long)object, number);
    add_line(line, (size_t)size);
    errno = error;
}

__attribute__((constructor)) static void ask(void)
{
    static mp_watcher watcher = { .event = event };
    path = getenv("MP_TRACE");
    if (path != NULL && add_line("", 0) == -1) {
        fprintf(stderr, "MP_TRACE: cannot write to '%s': %s\n", path,
                strerror(errno));
        _exit(2);
    }
    if (path != NULL) {  // the program, or a child, may change its directory
        path = realpath(path, NULL);
        setenv("MP_TRACE", path, 1);
        watcher.next = mp_watch;
        mp_watch = &watcher;
    }
}
