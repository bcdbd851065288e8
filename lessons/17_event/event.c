// # All wait for one signal
//
// An event is a flag that processes can wait for. At first it is not
// set, and `event.wait()` blocks. When one process calls `event.set()`,
// all that wait go on. Here three workers say that they wait, the
// parent sets the event, and the workers go on. Watch the order: all
// three wait, then `set` comes, and no worker goes on before it.
//
// The notes say that Lock, Event, Semaphore and Condition are passed to
// processes as arguments, and are used as their namesakes in
// `threading`. So it is, in C, too. Our objects serve both: the threads
// of one process may use them as well.
//
// | Python, in both modules | here           | C's threads         |
// |-------------------------|----------------|---------------------|
// | `Lock`                  | `mp_lock`      | `pthread_mutex_t`   |
// | `RLock`                 | `mp_rlock`     | the same, recursive |
// | `Event`                 | `mp_event`     | none                |
// | `Semaphore`             | `mp_semaphore` | `sem_t`             |
// | `Condition`             | `mp_condition` | `pthread_cond_t`    |
// | `Barrier`               | `mp_barrier`   | `pthread_barrier_t` |

#include "lesson.h"

// A worker gets the addresses of two events in shared memory, which all
// processes have at the same address (lesson 15).
struct worker_args {
    mp_event *ready;
    mp_event *event;
};

static void say(const char *words)
{
    printf("%s: %s\n", mp_process_name(mp_current_process()), words);
    fflush(stdout);
}

// `fflush` writes the line now. Without it, a line that goes to a pipe
// or a file stays in the process's own buffer, often until the process
// ends, and the order of the lines says nothing.
//
// After its line the worker sets an event of its own, `ready`, for the
// parent.
static int worker(void *args)
{
    const struct worker_args *given = args;
    say("waiting");
    mp_event_set(given->ready);
    check(mp_event_wait(given->event, MP_FOREVER));
    say("go on");
    return 0;
}

// How does the parent know that all three wait? It waits for each
// `ready`, and does not guess how long a worker takes to start. So
// three lines `waiting` are there before `set`.
//
// A worker may still be between its two calls when the parent sets the
// event: it has set `ready`, and does not sleep yet. This does no harm.
// An event stays set until somebody calls `clear`, so a worker that
// comes late finds it set, and goes on at once.
int main(int argc, char **argv)
{
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);

    mp_event *event = mp_value(mp_event, 0);
    mp_event *ready = mp_array(mp_event, 3);
    check(event);
    check(ready);
    mp_process p[3];
    for (int i = 0; i < 3; i++) {
        struct worker_args args = { &ready[i], event };
        check(mp_process_init(&p[i], .target = worker, MP_ARGS(args)));
        check(mp_process_start(&p[i]));
    }
    for (int i = 0; i < 3; i++) {
        check(mp_event_wait(&ready[i], MP_FOREVER));
    }
    say("set");
    mp_event_set(event);
    for (int i = 0; i < 3; i++) {
        check(mp_process_join(&p[i], MP_FOREVER));
        check(mp_process_close(&p[i]));
    }
    mp_shm_free(ready);
    mp_shm_free(event);
}

// ## See it
//
// `make trace-event` draws a grey box where a process waits. The three
// workers begin to wait one after the other, and all of them end at
// about the same time. The main process waits once for each worker.
//
// ## What happens underneath
//
// Our event is a number in shared memory, and 0 at first. `set` and
// `clear` add one each, so the event is set while the number is odd. A
// process that waits needs no CPU: it asks the kernel to let it sleep
// as long as the number is what it was. The kernel calls such a number
// a futex (futex(2)). `mp_eventcount_await()` in `common/base/futex.c`
// makes this call.
//
// If the number changes just before a process falls asleep, the kernel
// sees that, and does not let it sleep. So no signal is lost. To wake
// all sleepers, `mp_event_set()` in `common/sync/event.c` makes one
// system call, and none if nobody sleeps.
//
// Python's Event is made of a Condition and a Semaphore (the next two
// lessons), and its `set` waits until all sleepers have woken up. If
// one of them was killed, `set` waits for ever. Lesson 19 shows it.
//
// ## Try this
//
// - Start a fourth worker after `set`. Does it wait?
// - Call `mp_event_clear(event)` right after the `set`. The three
//   workers still go on if they slept, since the number has changed.
//   Which worker waits for ever now? (To see it in each run, let the
//   workers sleep for 0.3 s before `mp_event_wait`. Ctrl-C ends the
//   program.)
// - Give `mp_event_wait` of the worker 0.5 seconds, and leave out the
//   call that sets the event. What does `check` print?
// - Type `strace -f -e futex build/cc/lessons/17_event/event`. Which
//   call wakes the workers, and how many does it say that it woke?
