// # Process and thread, side by side
//
// The interface of `multiprocessing` is that of `threading`: put
// `Thread` in the place of `Process`, and three threads sleep in the
// place of three processes. Watch the pids: each process has its own,
// and all threads have that of the main process. Watch the thread ids,
// the kernel's numbers, which differ in both. Both ways take as long as
// one sleep.
//
// The notes say that Python's threads are no real threads and only
// switch quickly. They are threads of the kernel, like C's. A lock, the
// GIL, lets one of them at a time run Python code, so threads do not
// make Python compute faster (lesson 10). But a thread that waits, for
// a time, a file or the network, does not hold the GIL. There threads
// pay.
//
// | `Process`           | `Thread`            | C's threads          |
// |---------------------|---------------------|----------------------|
// | `start()`           | `start()`           | `pthread_create`     |
// | `run()`             | `run()`             | its function         |
// | `join(timeout)`     | `join(timeout)`     | `pthread_join`       |
// | `is_alive()`        | `is_alive()`        | none                 |
// | `name`, `pid`       | `name`, `native_id` | `gettid()`           |
// | `daemon`            | `daemon`            | see below            |
// | `terminate()`       | none                | `pthread_cancel`     |
// | `exitcode`          | none                | `pthread_join`       |
// | memory of its own   | shared memory       | shared memory        |
//
// At its end a Python program waits for processes and threads alike,
// unless `daemon` is true (for threads there is also the older
// `setDaemon(True)`). A daemon process is terminated then, and a daemon
// thread ends with the process it belongs to. In C every thread ends
// when `main` returns.

#include "lesson.h"

#include <pthread.h>
#include <sys/syscall.h>

struct f_args {
    char name[20];
    double seconds;
};

static int f(void *args)
{
    const struct f_args *given = args;
    printf("hello %s, pid %d, thread %ld\n", given->name, (int)getpid(),
           syscall(SYS_gettid));
    time_sleep(given->seconds);
    return 0;
}

static void in_processes(double seconds)
{
    mp_process p_list[3];
    for (int i = 0; i < 3; i++) {
        struct f_args args = { .seconds = seconds };
        snprintf(args.name, sizeof args.name, "process:%d", i);
        check(mp_process_init(&p_list[i], .target = f, MP_ARGS(args)));
        check(mp_process_start(&p_list[i]));
    }
    for (int i = 0; i < 3; i++) {
        check(mp_process_join(&p_list[i], MP_FOREVER));
        check(mp_process_close(&p_list[i]));
    }
}

static void *f_in_thread(void *args)
{
    f(args);
    return NULL;
}

// A thread gets the address of its arguments and no copy of them. So
// they must stay as they are until the thread has ended.
static void in_threads(double seconds)
{
    pthread_t t_list[3];
    struct f_args args[3];
    for (int i = 0; i < 3; i++) {
        args[i].seconds = seconds;
        snprintf(args[i].name, sizeof args[i].name, "thread:%d", i);
        if (pthread_create(&t_list[i], NULL, f_in_thread, &args[i])) {
            fprintf(stderr, "pthread_create failed\n");
            exit(1);
        }
    }
    for (int i = 0; i < 3; i++) {
        pthread_join(t_list[i], NULL);
    }
}

int main(int argc, char **argv)
{
    double seconds = 1;
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[seconds]", &seconds, 1);

    double start = mp_clock_now();
    in_processes(seconds);
    printf("processes took %.3f s\n", mp_clock_now() - start);
    start = mp_clock_now();
    in_threads(seconds);
    printf("threads took %.3f s\n", mp_clock_now() - start);
}

// ## What happens underneath
//
// For Linux a thread and a process are nearly the same: one call,
// `clone` (clone(2)), makes both. Its flags say what the new one shares
// with its maker. A thread shares the memory, the open files and the
// pid; a child that was forked has copies of the first two.
//
// ## Try this
//
// - Run it with `ARGS=10`. The threads begin after ten seconds: then
//   type `ps -eLf | grep sleepers_threads` in another terminal. Which
//   column numbers the threads?
// - In Python, let `f` print a line after its sleep, too. Then leave
//   out the joins of the threads, and give them (not the processes)
//   `daemon=True`. Which lines are missing?
