// # A pipe between two children
//
// Main makes a one-way pipe for two children. The producer sends the
// numbers 1 to `numbers`. The consumer prints each, until the end of
// file. But it takes `most` numbers at most, and then leaves. Then the
// producer learns that nobody reads any more, and ends as well. With 3
// numbers of 1000 at most, it prints:
//
//     1
//     2
//     3
//     end of file
//     the consumer has ended
//     the producer has ended
//
// Write your part: `produce`, `consume`, and `run` in main, which makes
// the pipe, starts both children, and joins the consumer first. `start`
// starts a child. If the other end is gone, `send` and `receive` print
// why, and return false. The pipe has room for about 8000 numbers.

#include "lesson.h"

struct args {
    mp_connection reader, writer;
    int numbers, most;
};

// Whether a call has gone well. If not, it says why.
static bool well(ssize_t result)
{
    return result != -1 || (puts(mp_error()), false);
}

static bool send(struct args *given, int number)
{
    return well(mp_connection_send_bytes(&given->writer, &number,
                                         sizeof number));
}

static bool receive(struct args *given)
{
    int number;
    ssize_t size = mp_connection_recv_bytes_into(
        &given->reader, &number, sizeof number);
    return well(size) && printf("%d\n", number) > 0;
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
    send(args, 1);
    return 0;
}

static int consume(void *args)
{
    receive(args);
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
