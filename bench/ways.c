#include "base/platform.h"

#include "ways.h"

#include <errno.h>
#include <pthread.h>
#include <spawn.h>
#include <string.h>

#include "bench.h"
#include "mp.h"

// ---- by hand --------------------------------------------------------------

static int wait_for(pid_t pid)
{
    int status;
    if (pid == -1) {
        return mp_fail(errno, "cannot start a process: %s", strerror(errno));
    }
    if (waitpid(pid, &status, 0) == -1 || status != 0) {
        return mp_fail(ECHILD, "a child did not end as it should");
    }
    return 0;
}

int ways_fork(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        _exit(0);
    }
    return wait_for(pid);
}

int ways_vfork(void)
{
    pid_t pid = vfork();
    if (pid == 0) {
        _exit(0);
    }
    return wait_for(pid);
}

#define NOTHING "--nothing"

int ways_posix_spawn(void)
{
    char *argv[] = { "bench", NOTHING, NULL };
    pid_t pid = -1;
    errno = posix_spawn(&pid, "/proc/self/exe", NULL, NULL, argv, environ);
    return wait_for(errno == 0 ? pid : -1);
}

bool ways_is_nothing(int argc, char **argv)
{
    return argc == 2 && strcmp(argv[1], NOTHING) == 0;
}

static void *idle(void *args)
{
    return args;
}

int ways_thread(void)
{
    pthread_t thread;
    int error = pthread_create(&thread, NULL, idle, NULL);
    if (error == 0) {
        error = pthread_join(thread, NULL);
    }
    if (error != 0) {
        return mp_fail(error, "cannot start a thread: %s", strerror(error));
    }
    return 0;
}

// ---- by the library -------------------------------------------------------

static int nothing(void *args)
{
    (void)args;
    return 0;
}

static int mp_once(const char *method)
{
    mp_process p;
    if (mp_process_init(&p, .target = nothing,
                        .context = mp_get_context(method)) == -1) {
        return -1;
    }
    if (mp_process_start(&p) == -1) {
        mp_process_close(&p);
        return -1;
    }
    if (mp_process_join(&p, MP_FOREVER) == -1) {
        return -1;
    }
    if (mp_process_exitcode(&p) != 0) {
        return mp_fail(ECHILD, "a child did not end as it should");
    }
    return mp_process_close(&p);
}

int ways_mp_fork(void)
{
    return mp_once("fork");
}

int ways_mp_spawn(void)
{
    return mp_once("spawn");
}

int ways_mp_forkserver(void)
{
    return mp_once("forkserver");
}

// ---- the clock ------------------------------------------------------------

int64_t ways_mean(int (*way)(void), int64_t n)
{
    int64_t begin = bench_now();
    for (int64_t i = 0; i < n; i++) {
        if (way() == -1) {
            return -1;
        }
    }
    return (bench_now() - begin) / n;
}

int64_t ways_mean_apart(int (*way)(void), int64_t n)
{
    int ends[2];
    int64_t mean = -1;
    if (pipe2(ends, O_CLOEXEC) == -1) {
        return mp_fail(errno, "cannot make a pipe: %s", strerror(errno));
    }
    pid_t pid = fork();
    if (pid == 0) {
        mean = way() == -1 ? -1 : ways_mean(way, n);
        ssize_t written = write(ends[1], &mean, sizeof mean);
        _exit(mean != -1 && written == sizeof mean ? 0 : 1);
    }
    close(ends[1]);
    ssize_t got = read(ends[0], &mean, sizeof mean);
    close(ends[0]);
    if (wait_for(pid) == -1) {
        return -1;
    }
    return got == sizeof mean ? mean : mp_fail(EIO, "a child said nothing");
}

int64_t ways_mean_for(int (*way)(void), int64_t least)
{
    int64_t begin = bench_now();
    int64_t took = 0;
    int64_t count = 0;
    while (took < least || count == 0) {
        if (way() == -1) {
            return -1;
        }
        count++;
        took = bench_now() - begin;
    }
    return took / count;
}
