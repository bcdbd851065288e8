// # fork and threads
//
// The notes warn that forking a program with threads is delicate. Here
// is why: fork copies all memory, but only the one thread that calls
// it. A thread holds a lock while two children are started. Watch the
// two lines that say whether they got it.

#include "lesson.h"

#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

// A barrier lets nobody pass until two threads have come to it.
static pthread_barrier_t held, enough;

static void *hold(void *unused)
{
    pthread_mutex_lock(&mutex);
    pthread_barrier_wait(&held);
    pthread_barrier_wait(&enough);
    pthread_mutex_unlock(&mutex);
    return unused;
}

// In a copy the lock is locked, and the thread that would unlock it
// does not exist: without the time-out this child would wait for ever.
// The lock of a new image is a new lock.
static int take_the_lock(void *args)
{
    (void)args;
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 1;
    bool taken = pthread_mutex_timedlock(&mutex, &until) == 0;
    printf("%s: %s\n", mp_process_name(mp_current_process()),
           taken ? "got the lock" : "waited in vain");
    return 0;
}

static int run(const char *method)
{
    mp_process p;
    check(mp_process_init(&p, .context = mp_get_context(method),
                          .target = take_the_lock));
    int started = mp_process_start(&p);
    if (started == 0) {
        check(mp_process_join(&p, MP_FOREVER));
    }
    check(mp_process_close(&p));
    return started;
}

// Python 3.12 and later warn where a program with threads forks, if you
// ask for such warnings (`python3 -W default`). Here it may be refused,
// by the choice of the program: then nothing happens but an error with
// Python's words. Once the thread has ended, fork is allowed again.
// (The names go from 2 to 4: the object that was refused is number 3.)
int main(int argc, char **argv)
{
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);

    pthread_t thread;
    pthread_barrier_init(&held, NULL, 2);
    pthread_barrier_init(&enough, NULL, 2);
    pthread_create(&thread, NULL, hold, NULL);
    pthread_barrier_wait(&held);
    check(run("fork"));
    check(run("spawn"));
    pthread_barrier_wait(&enough);
    pthread_join(thread, NULL);
    check(run("fork"));
}

// ## What happens underneath
//
// The locks of this library are no danger: handlers that the C library
// calls around each fork (`pthread_atfork`) take them before it and
// release them after it, on both sides, and malloc and printf do the
// same with theirs (`mp_children_begin()` in
// `common/process/children.c`). But nobody does so for the locks of
// your program, or of a library that you use. With spawn and forkserver
// the question does not arise: this is why forkserver is the default
// from Python 3.14 on.
//
// Threads are counted in `/proc/self/task`, where each has a folder
// (`count_threads()` in `common/start/fork.c`).
//
// ## Try this
//
// - Add `run("forkserver")` while the lock is held. Does its child get
//   the lock, and whose copy of it is that?
// - Choose `MP_FORK_WARN` instead of `MP_FORK_REFUSE`, at the top of
//   main. How often does it warn?
// - Start the children before the thread. Is fork safe then?
