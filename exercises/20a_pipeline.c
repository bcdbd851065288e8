// # A pipe between two children
//
// Main makes a pipe for two children. The producer sends the numbers 1
// to `numbers`. The consumer prints each, until the end of file. But it
// takes `most` numbers at most, and then leaves. Then the producer
// learns that nobody reads any more, and ends as well. With 3 numbers
// of 1000 at most, it prints:
//
//     1
//     2
//     3
//     the consumer has ended
//     the producer has ended
//
// Write your part: `produce`, `consume`, and `run` in main, which makes
// the pipe, starts both children, and joins the consumer first. `start`
// starts a child. `send` and `receive` return false where the other end
// is gone. The pipe has room for about 8000 numbers.

#include "lesson.h"

struct args {
    mp_connection reader, writer;
    int numbers, most;
};

static bool send(mp_connection *to, int number)
{
    return mp_connection_send_bytes(to, &number, sizeof number) != -1;
}

static bool receive(mp_connection *reader)
{
    int number;
    ssize_t size = mp_connection_recv_bytes_into(reader, &number,
                                                 sizeof number);
    return size != -1 && printf("%d\n", number) > 0;
}

static void start(mp_process *p, int (*f)(void *), struct args args)
{
    check(mp_process_init(p, .target = f, MP_ARGS(args),
                          MP_PASS_FDS(args.reader.fd, args.writer.fd)));
    check(mp_process_start(p));
}

static void join(mp_process *p, const char *name)
{
    check(mp_process_join(p, MP_FOREVER));
    check(mp_process_close(p));
    printf("the %s has ended\n", name);
}

// ---- your part
static int produce(void *args)
{
    struct args *given = args;
    for (int i = 1; i <= given->numbers; i++) {
        send(&given->writer, i);
    }
    return 0;
}

static int consume(void *args)
{
    struct args *given = args;
    for (int i = 0; i < given->most && receive(&given->reader); i++) {
    }
    return 0;
}

static void run(int numbers, int most)
{
    struct args args = { .numbers = numbers, .most = most };
    mp_process producer, consumer;
    check(mp_pipe(false, &args.reader, &args.writer));
    start(&producer, produce, args);
    start(&consumer, consume, args);
    join(&consumer, "consumer");
    join(&producer, "producer");
}
// ---- end of your part

int main(int argc, char **argv)
{
    double numbers[2] = { 3, 1000 };
    mp_main(argc, argv);
    lesson_numbers(argc, argv, "[numbers] [most]", numbers, 2);
    run((int)numbers[0], (int)numbers[1]);
}
