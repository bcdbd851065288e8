// # fork and threads
//
// The notes warn that it is delicate to fork a program with threads,
// and say that fork's child inherits everything. It inherits all memory
// and all descriptors, but only one thread: the one that called fork. A
// second thread of this program holds a lock while three children are
// started, one by each method. Watch how many threads each child has,
// and whether it gets the lock.

#include "lesson.h"

#include <dirent.h>
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

// A thread that calls `pthread_barrier_wait` waits until two threads
// have called it.
static pthread_barrier_t held, enough;

static void *hold(void *unused)
{
    pthread_mutex_lock(&mutex);
    pthread_barrier_wait(&held);
    pthread_barrier_wait(&enough);
    pthread_mutex_unlock(&mutex);
    return unused;
}

// The kernel has a folder for each thread, named by a number.
static int count_threads(void)
{
    int count = 0;
    DIR *tasks = opendir("/proc/self/task");
    for (struct dirent *task; (task = readdir(tasks)) != NULL;) {
        count += task->d_name[0] != '.';
    }
    closedir(tasks);
    return count;
}

// In fork's child the lock is locked, because it was in the memory that
// was copied, and the thread that would unlock it is not there. Without
// the time-out the child would wait for ever. In a new image the lock
// is a new one, and nobody holds it.
static int take_the_lock(void *args)
{
    (void)args;
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 1;
    bool taken = pthread_mutex_timedlock(&mutex, &until) == 0;
    printf("%s: threads %d, %s\n",
           mp_process_name(mp_current_process()), count_threads(),
           taken ? "got the lock" : "waited in vain");
    return 0;
}

static void run(const char *method)
{
    mp_process p;
    check(mp_process_init(&p, .context = mp_get_context(method),
                          .target = take_the_lock));
    check(mp_process_start(&p));
    check(mp_process_join(&p, MP_FOREVER));
    check(mp_process_close(&p));
}

// Before the last start the thread unlocks the lock and ends, so this
// child of fork gets the lock. Start your children before your threads,
// or use another start method. Python 3.12 and later can warn when a
// program with threads forks (`python3 -W default` shows the warning).
// The Python original prints this warning. C says nothing.
int main(int argc, char **argv)
{
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);

    pthread_t thread;
    pthread_barrier_init(&held, NULL, 2);
    pthread_barrier_init(&enough, NULL, 2);
    pthread_create(&thread, NULL, hold, NULL);
    pthread_barrier_wait(&held);
    printf("main: threads %d\n", count_threads());
    run("fork");
    run("spawn");
    run("forkserver");
    pthread_barrier_wait(&enough);
    pthread_join(thread, NULL);
    run("fork");
}

// ## What happens underneath
//
// `malloc`, `printf` and this library have locks, too. They are no
// danger. The C library takes its own locks before each fork, and
// releases them after it, in the parent and in the child. This library
// does the same with its locks: it registers functions that the C
// library calls before and after each fork (`pthread_atfork(3)`;
// `mp_children_begin()` in `common/process/children.c`). But nobody
// does so for the locks of your program, or of another library that you
// use. Spawn and forkserver copy no lock of your process. This is why
// forkserver is Python's default on Linux from 3.14 on.
//
// ## Try this
//
// - Forkserver's child is a copy as well. Which process was copied, and
//   why was its lock free?
// - Start the children before the thread. Is fork safe then?
// - Let the main thread hold the lock, and not `hold`. Does fork's
//   child get it, and could the child unlock it?
