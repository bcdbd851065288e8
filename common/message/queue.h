// queue.h - a Queue: any number of processes put items, any number get them.
// Python: Queue, JoinableQueue, SimpleQueue (Lib/multiprocessing/queues.py),
// which are one type here. Lesson 20.
//
//     struct args { mp_queue *queue; } args = { mp_queue_new(0) };
//     mp_process_init(&p, .target = produce, MP_ARGS(args));
//     mp_process_start(&p);       // it calls mp_queue_put(args->queue, ..)
//     long number;
//     mp_queue_get(args.queue, &number, sizeof number, MP_FOREVER);
//     ..
//     mp_queue_free(args.queue);
//
// It lies in shared memory (memory/shm.h), at one address in all processes that
// descend from its creator, so the pointer is what they are given. An item is
// any number of bytes. put copies them once, into the queue, and get once, out
// of it; where both sides are awake, neither makes a system call. Items of one
// process come out in the order in which it has put them.
//
// **A process that is killed in put or in get holds up nobody**, and loses no
// item but its own. Each side has a lock, whose owner others see die (sync.h),
// and one atomic step moves the queue from one state to the next. A process
// that is stopped in there (SIGSTOP) does hold up others on its side: they wait
// for it, a second at least, whatever their time-out.
//
// There is no feeder thread. What was put is in the queue when put returns, so
// a process that has put may end, and be joined, before anybody gets. (Python's
// join then waits for ever.) And empty, full and qsize say what is so.
//
// A time-out is in seconds, and limits how long a call waits for an item, or
// for space: 0 only looks, MP_FOREVER has no end. When it is over, the call
// fails with ETIMEDOUT, "Queue is empty" or "Queue is full", Python's Empty and
// Full.

#ifndef MP_MESSAGE_QUEUE_H
#define MP_MESSAGE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

typedef struct mp_queue mp_queue;

// Python: Queue(maxsize), the most items that it holds; 0 or less: as many as
// there is memory for. It belongs to this process: call it before the others
// are started, and free it when they have ended. NULL with ENOMEM.
mp_queue *mp_queue_new(int maxsize);

// Blocks while the queue is full, for `timeout` seconds at most. Errors: EINVAL
// "Queue is closed"; ENOMEM where the shared memory is used up.
int mp_queue_put(mp_queue *queue, const void *item, size_t size,
                 double timeout);

// Blocks until there is an item, for `timeout` seconds at most. Copies the item
// to memory with room for so many bytes, and returns its size. Errors: EMSGSIZE
// where there is no room; then the item is still there, the next to be got, for
// any process. EINVAL "Queue is closed", where none is left.
ssize_t mp_queue_get(mp_queue *queue, void *item, size_t room, double timeout);

// Python: put_nowait, get_nowait.
#define mp_queue_put_nowait(queue, item, size) \
    mp_queue_put((queue), (item), (size), 0)
#define mp_queue_get_nowait(queue, item, room) \
    mp_queue_get((queue), (item), (room), 0)

// How many items there are: those put, less those got. Other processes may
// change that at any moment.
long mp_queue_qsize(const mp_queue *queue);
bool mp_queue_full(const mp_queue *queue);
static inline bool mp_queue_empty(const mp_queue *queue)
{
    return mp_queue_qsize(queue) == 0;
}

// Nobody puts any more, in any process, and this wakes all that wait. Those who
// get, get what is left, and then learn it (EINVAL). It may be called again. (A
// process that is stopped in put for a second may put an item even so.)
// (Python's close concerns the calling process alone.)
void mp_queue_close(mp_queue *queue);

// Python: JoinableQueue. A consumer calls task_done once for each item that it
// has got and is done with; join blocks until that has been done for each item
// that was put. An item that a killed consumer was working on is not done: give
// join a time-out. Errors: EINVAL "task_done() called too many times";
// ETIMEDOUT.
int mp_queue_task_done(mp_queue *queue);
int mp_queue_join(mp_queue *queue, double timeout);

// Frees it with what is in it, where this process has made it. No other process
// may use it any more. NULL is fine.
void mp_queue_free(mp_queue *queue);

#endif
