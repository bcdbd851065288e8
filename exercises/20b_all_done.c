// # All items are done
//
// Main puts `items` numbers into a queue, from 1 on, and two consumers
// get them and work on them. An item takes `seconds`. When all items
// are done, and not before, main calls `report`, which prints `all are
// done` after a pause. Only then does it tell the consumers that no
// more come. Each consumer prints `no more` and ends. With two items:
//
//     works on 1
//     works on 2
//     all are done
//     no more
//     no more
//
// Write your part: the consumer, and the function `produce`, which main
// calls when it has started the consumers, and before it joins them.

#include "lesson.h"

static double pause_seconds;  // of main

struct consumer_args {
    mp_queue *queue;
    double seconds;
};

static void work(int item, double seconds)
{
    printf("works on %d\n", item);
    time_sleep(seconds);
}

static void report(void)
{
    time_sleep(pause_seconds);
    printf("all are done\n");
}

static int consumer(void *args);
static void produce(mp_queue *queue, int items);

int main(int argc, char **argv)
{
    double numbers[3] = { 5, 0.1, 0.1 };
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[items] [seconds] [pause]", numbers, 3);
    pause_seconds = numbers[2];

    mp_queue *queue = mp_queue_new(0);
    check(queue);
    struct consumer_args args = { queue, numbers[1] };
    mp_process p[2];
    for (int i = 0; i < 2; i++) {
        check(mp_process_init(&p[i], .target = consumer,
                              MP_ARGS(args)));
        check(mp_process_start(&p[i]));
    }
    produce(queue, (int)numbers[0]);
    for (int i = 0; i < 2; i++) {
        check(mp_process_join(&p[i], MP_FOREVER));
        check(mp_process_close(&p[i]));
    }
    mp_queue_free(queue);
}

static int consumer(void *args)
{
    const struct consumer_args *given = args;
    // ---- your part
    work(1, given->seconds);
    printf("no more\n");
    return 0;
}

static void produce(mp_queue *queue, int items)
{
    printf("%d of %d are done\n", (int)mp_queue_qsize(queue), items);
    report();
    // ---- end of your part
}
