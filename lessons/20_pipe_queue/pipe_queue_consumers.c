// # A producer and two consumers
//
// Any number of processes may put items into a queue, and any number
// may get them. Each item goes to one of these. Here the parent puts
// ten numbers, and two consumers get them. A consumer that is free gets
// the next number. The queue has room for three: when it is full, `put`
// waits. Watch that each number comes once. Which consumer gets it
// varies from run to run. The numbers leave the queue in order, but two
// processes may print their lines in another order.
//
// How does the producer know that all items are done? A consumer calls
// `task_done` when it is done with an item. The queue's `join` waits
// until this was called for each item. (In Python the `JoinableQueue`
// has both.)
//
// How does a consumer know that no more items come? The producer calls
// `close`. Then `get` still returns the items that are left, and after
// these it fails. In Python `close` concerns the calling process alone,
// and the consumers do not learn of it. So the original puts None once
// for each consumer, and a consumer that gets None ends.

#include "lesson.h"

enum { ITEMS = 10 };

struct consumer_args {
    mp_queue *queue;
    double seconds;
};

// `time_sleep` stands for work. An item is any number of bytes, and
// `get` copies it. The third argument is the room that we have for it.
static int consumer(void *args)
{
    const struct consumer_args *given = args;
    const char *name = mp_process_name(mp_current_process());
    int item;
    while (mp_queue_get(given->queue, &item, sizeof item,
                        MP_FOREVER) != -1) {
        printf("%s got %d\n", name, item);
        fflush(stdout);
        time_sleep(given->seconds);
        check(mp_queue_task_done(given->queue));
    }
    printf("%s: no more\n", name);
    return 0;
}

// The queue is in shared memory, and the consumers get its address
// (lesson 15). No process has to close an end of it.
int main(int argc, char **argv)
{
    double seconds = 0.1;
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[seconds]", &seconds, 1);

    mp_queue *queue = mp_queue_new(3);
    check(queue);
    struct consumer_args args = { queue, seconds };
    mp_process p[2];
    for (int i = 0; i < 2; i++) {
        check(mp_process_init(&p[i], .target = consumer,
                              MP_ARGS(args)));
        check(mp_process_start(&p[i]));
    }
    for (int item = 1; item <= ITEMS; item++) {
        check(mp_queue_put(queue, &item, sizeof item, MP_FOREVER));
    }
    check(mp_queue_join(queue, MP_FOREVER));
    printf("all are done\n");
    fflush(stdout);
    mp_queue_close(queue);
    for (int i = 0; i < 2; i++) {
        check(mp_process_join(&p[i], MP_FOREVER));
        check(mp_process_close(&p[i]));
    }
    mp_queue_free(queue);
}

// ## What happens underneath
//
// `put_item()` in `common/message/queue.c` copies an item into shared
// memory, and `get_item()` in `common/message/queue.c` copies it out.
// Each side has a lock (lesson 16), so one process puts and one process
// gets at a time. One number counts the puts, and one counts the gets.
// The queue is empty when they are equal. A process that waits for an
// item sleeps on the number of puts, which is a futex (lesson 17). If
// nobody sleeps, no system call is needed.
//
// Python's Queue is a pipe with a lock for each side. Each process that
// puts has a thread for it: `put` gives the item to this thread, which
// pickles it and writes it to the pipe. For the threads of one process
// Python has `queue.Queue`, with the same methods.
//
// ## Try this
//
// - Let the consumer that gets 5 call `abort()`. Which items does the
//   other one get? Let `mp_queue_join` wait two seconds, without
//   `check`, and print `mp_error()`. Does it say which item is not
//   done?
// - Leave out `close`. Who waits for whom? Ctrl-C ends the program.
// - Let `get` wait 0.05 s instead of MP_FOREVER, and let the parent
//   call `time_sleep(0.2)` before each `put`. Does an empty queue mean
//   that nothing more will come? Ctrl-C ends the program.
