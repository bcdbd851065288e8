// # Join first, get later
//
// Two children put two large items each, and end. The parent joins
// both, and gets the items afterwards. In Python this is a deadlock.
// `put` gives the item to a thread, which writes it to a pipe, and the
// pipe is full after 64 KiB. The child does not end before its thread
// has written all. The parent reads nothing before the child has ended.
// So in Python, get first and then join. The original joins with a
// time-out of a second.
//
// Here an item of any size is in the queue when `put` returns, and its
// producer may end. Watch `alive` after the joins. The items of one
// process come out in order. How those of the two processes mix varies
// from run to run.

#include "lesson.h"

enum { SIZE = 1 << 20 };

struct item {
    char name[20];
    int number;
    char bytes[SIZE];
};

struct put_args {
    mp_queue *queue;
};

static int put(void *args)
{
    static struct item item;
    mp_queue *queue = ((struct put_args *)args)->queue;
    snprintf(item.name, sizeof item.name, "%s",
             mp_process_name(mp_current_process()));
    for (item.number = 1; item.number <= 2; item.number++) {
        check(mp_queue_put(queue, &item, sizeof item, MP_FOREVER));
    }
    return 0;
}

static void get(mp_queue *queue)
{
    static struct item item;
    check((int)mp_queue_get(queue, &item, sizeof item, MP_FOREVER));
    printf("%s: item %d\n", item.name, item.number);
}

int main(int argc, char **argv)
{
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);

    mp_queue *queue = mp_queue_new(0);
    check(queue);
    struct put_args args = { queue };
    mp_process p[2];
    for (int i = 0; i < 2; i++) {
        check(mp_process_init(&p[i], .target = put, MP_ARGS(args)));
        check(mp_process_start(&p[i]));
    }
    for (int i = 0; i < 2; i++) {
        check(mp_process_join(&p[i], MP_FOREVER));
        printf("%s: alive %s\n", mp_process_name(&p[i]),
               mp_process_is_alive(&p[i]) ? "True" : "False");
    }
    for (int i = 0; i < 4; i++) {
        get(queue);
    }
    for (int i = 0; i < 2; i++) {
        check(mp_process_join(&p[i], MP_FOREVER));
        printf("%s: exit code %d\n", mp_process_name(&p[i]),
               mp_process_exitcode(&p[i]));
        check(mp_process_close(&p[i]));
    }
    mp_queue_free(queue);
}

// ## What happens underneath
//
// A queue without a limit grows with its items. `new_segment()` in
// `common/message/queue.c` takes more shared memory where an item does
// not fit. This memory belongs to the process that has made the queue,
// here the parent. So it stays when the child ends.
//
// `put` copies the item into the queue, and `get` copies it out. Python
// copies it at least four times: into a pickle, into the pipe, out of
// the pipe, and out of the pickle.
//
// ## Try this
//
// - Write `join()` in the original, without a time-out. What happens?
//   What happens with items of 1000 bytes? Ctrl-C ends the program.
// - Write `mp_queue_new(1)`. Now there is a deadlock here, too. In
//   which call does each process wait? Ctrl-C ends the program.
// - Let each child put 200 items. How much shared memory is that? Call
//   `time_sleep(9)` after the joins, and meanwhile type `grep Shmem:
//   /proc/meminfo` in another terminal.
