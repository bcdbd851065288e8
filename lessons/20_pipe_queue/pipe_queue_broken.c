// # Nobody closes: the end never comes
//
// This program has a mistake: the parent does not close its writer
// after `start`. The child sends one message and ends. The parent joins
// it, so it knows that no message will come. But the kernel sees a
// process that can still send one: the parent itself. A second
// `recv_bytes` would wait for that, for ever. This is a deadlock of one
// process with itself.
//
// Watch `poll(0.5)`. It waits up to half a second for a message or the
// end of file, and says whether there is one. The first time there is
// none. Then the parent closes its writer, and the end of file comes.

#include "lesson.h"

struct tell_args {
    mp_connection reader, writer;
};

static int tell(void *args)
{
    struct tell_args *given = args;
    mp_connection_close(&given->reader);
    check(mp_connection_send_bytes(&given->writer, "hello", 5));
    mp_connection_close(&given->writer);
    return 0;
}

static void show_message(mp_connection *reader)
{
    char text[20];
    ssize_t size = mp_connection_recv_bytes_into(reader, text,
                                                 sizeof text);
    if (size == -1) {
        printf("%s\n", mp_error());
    } else {
        printf("received %.*s\n", (int)size, text);
    }
}

static void show_poll(mp_connection *reader)
{
    int ready = mp_connection_poll(reader, 0.5);
    check(ready);
    printf("poll: %s\n", ready == 1 ? "True" : "False");
}

int main(int argc, char **argv)
{
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);

    mp_connection reader, writer;
    check(mp_pipe(false, &reader, &writer));
    struct tell_args args = { reader, writer };
    mp_process p;
    check(mp_process_init(&p, .target = tell, MP_ARGS(args),
                          MP_PASS_FDS(reader.fd, writer.fd)));
    check(mp_process_start(&p));
    show_message(&reader);
    check(mp_process_join(&p, MP_FOREVER));
    printf("the child has ended\n");
    check(mp_process_close(&p));

    show_poll(&reader);
    mp_connection_close(&writer);
    printf("the parent has closed its writer\n");
    show_poll(&reader);
    show_message(&reader);
    mp_connection_close(&reader);
}

// ## What happens underneath
//
// `mp_connection_poll()` in `common/message/connection.c` asks the
// kernel whether a read would return at once (poll(2)). It would if the
// pipe has bytes, or if no process has a descriptor of the writer. The
// kernel cannot know whether a process is going to use its descriptor.
//
// A process may have the descriptor and not know of it. A child of fork
// has a copy of each descriptor that is open when it starts, also of
// the pipes of other children. So close the writer before you start the
// next child. A child of spawn or of forkserver has only what it is
// given.
//
// ## Try this
//
// - Call `show_message` in the place of the first `show_poll`. What
//   does the program do? Ctrl-C ends it.
// - Close the parent's writer after `start`, as is right. But start a
//   second child between the two, which only calls `time_sleep(2)`.
//   When does the end of file come? When does it come under spawn, by
//   `MP_START_METHOD=spawn make lesson-pipe_queue_broken`?
// - Let the parent close its writer before it starts the child. What
//   does `check` say?
