#define _GNU_SOURCE

#include "ways.h"

#include <pthread.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

// ---- by hand --------------------------------------------------------------

void ways_wait(pid_t pid)
{
    int status;
    need(waitpid(pid, &status, 0), "waitpid");
    if (status != 0) {
        bench_fail("a child did not end as it should");
    }
}

void ways_fork(void)
{
    pid_t pid = (pid_t)need(fork(), "fork");
    if (pid == 0) {
        _exit(0);
    }
    ways_wait(pid);
}

void ways_vfork(void)
{
    pid_t pid = vfork();
    if (pid == 0) {
        _exit(0);
    }
    ways_wait((pid_t)need(pid, "vfork"));
}

void ways_posix_spawn(void)
{
    char *argv[] = { "bench", BENCH_NOTHING, NULL };
    pid_t pid;
    if (posix_spawn(&pid, "/proc/self/exe", NULL, NULL, argv, environ) != 0) {
        bench_fail("posix_spawn failed");
    }
    ways_wait(pid);
}

static void *idle(void *args)
{
    return args;
}

void ways_thread(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, idle, NULL) != 0 ||
        pthread_join(thread, NULL) != 0) {
        bench_fail("cannot start a thread");
    }
}

// ---- by the library -------------------------------------------------------

static int nothing(void *args)
{
    (void)args;
    return 0;
}

void ways_mp_join(mp_process *p)
{
    must(mp_process_join(p, MP_FOREVER));
    if (mp_process_exitcode(p) != 0) {
        bench_fail("a child did not end as it should");
    }
    must(mp_process_close(p));
}

static void mp_once(const char *method)
{
    mp_process p;
    must(mp_process_init(&p, .target = nothing,
                         .context = mp_get_context(method)));
    must(mp_process_start(&p));
    ways_mp_join(&p);
}

void ways_mp_fork(void)
{
    mp_once("fork");
}

void ways_mp_spawn(void)
{
    mp_once("spawn");
}

void ways_mp_forkserver(void)
{
    mp_once("forkserver");
}
