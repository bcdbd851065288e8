// # A producer is killed in the middle of its put
//
// One child is killed in the middle of its put. Then another child puts
// an item. Watch that the parent gets this one: the killed child loses
// its own item, and holds up the others for 20 milliseconds at most.
//
// In Python two processes hang. A part of the item is in the pipe, and
// the lock of the pipe stays locked, so the second child waits for it,
// for ever. The parent's `get` begins to read the item, and waits for
// the rest, for ever, although its time-out is one second. The Python
// original calls `get` in a thread, gives up after two seconds, and
// kills the second child itself.

#include "lesson.h"

#include <signal.h>
#include <sys/mman.h>

enum { HALF = 1 << 20 };

struct put_args {
    mp_queue *queue;
};

// The kill has to come in the middle of `put`, in each run. So the
// second half of the item is memory that may not be read. When `put`
// copies it, the kernel kills the child by signal 11, SIGSEGV. At this
// moment `put` has the lock of the queue. In the original the parent
// sends signal 9 when the first bytes are in the pipe. The pipe has
// room for 64 KiB, so the rest of the item cannot be in it.
static int put_half(void *args)
{
    mp_queue *queue = ((struct put_args *)args)->queue;
    char *item = mmap(NULL, 2 * HALF, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (item == MAP_FAILED ||
        mprotect(item + HALF, HALF, PROT_NONE) == -1) {
        perror("mmap");
        return 1;
    }
    signal(SIGSEGV, SIG_DFL);  /* also where a sanitizer handles it */
    check(mp_queue_put(queue, item, 2 * HALF, MP_FOREVER));
    return 0;
}

static int put(void *args)
{
    mp_queue *queue = ((struct put_args *)args)->queue;
    check(mp_queue_put(queue, "hello", 6, MP_FOREVER));
    return 0;
}

static void run(int (*target)(void *), mp_queue *queue)
{
    mp_process p;
    struct put_args args = { queue };
    check(mp_process_init(&p, .target = target, MP_ARGS(args)));
    check(mp_process_start(&p));
    check(mp_process_join(&p, MP_FOREVER));
    printf("%s: exit code %d, items %ld\n", mp_process_name(&p),
           mp_process_exitcode(&p), mp_queue_qsize(queue));
    check(mp_process_close(&p));
}

int main(int argc, char **argv)
{
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);

    mp_queue *queue = mp_queue_new(0);
    check(queue);
    run(put_half, queue);
    run(put, queue);
    char item[6];
    check((int)mp_queue_get(queue, item, sizeof item, 1));
    printf("got %s\n", item);
    mp_queue_free(queue);
}

// ## What happens underneath
//
// `put_item()` in `common/message/queue.c` copies the item first. Then
// it adds 1 to the number of puts, and by this one step the item is in
// the queue. A process that is killed before this step has put nothing.
// The next process writes its item to the same place.
//
// `enter()` in `common/message/queue.c` takes the lock. It is a lock of
// lesson 16, so the next process gets it when its owner has died. There
// the dead owner could leave something half done, and the program had
// to repair it. Here nothing is half done: before the step the queue is
// as it was, and after it the item is there.
//
// ## Try this
//
// - Let `put_half` put `"whole"` before the half item. How many items
//   are in the queue then, and which does the parent get?
// - Kill a consumer: run `put` first, and then a child that calls
//   `mp_queue_get` with `item + HALF` to copy to. Is the item lost, or
//   still in the queue?
