// # Messages instead of memory
//
// So far a child returned a number, or wrote into memory that it shares
// with its parent. Here it sends messages. `Pipe(False)` makes a pipe
// with two ends: `reader` receives, and `writer` sends. (`Pipe()` makes
// two ends that do both.) Watch that each message comes once, whole and
// in order. Then the parent learns that no more will come: `end of
// file`. Python raises EOFError.
//
// The end of file comes when no process has the writer any more. So
// each process closes the end that it does not use:
//
// |          | parent                | child              |
// |----------|-----------------------|--------------------|
// | `reader` | receives, then closes | closes at once     |
// | `writer` | closes after `start`  | sends, then closes |
//
// How does a process return something to its parent? There are five
// ways:
//
// | what is returned               | by               | lesson |
// |--------------------------------|------------------|--------|
// | whether it went well           | the exit code    | 4, 6   |
// | values whose size is known     | `Value`, `Array` | 4, 15  |
// | messages between two processes | `Pipe`           | 20     |
// | messages between many          | `Queue`          | 20     |
// | the results of many calls      | `Pool`           | 12, 13 |
//
// The parent makes the Value, the Array, the Pipe or the Queue before
// it starts the child, and gives it to the child as an argument. It
// gives a Lock, an Event, a Semaphore and a Condition in the same way
// (lesson 16).

#include "lesson.h"

// A connection has a descriptor (lesson 11), the number by which the
// kernel knows it.
struct tell_args {
    mp_connection reader, writer;
};

// The child has a copy of each connection. When it closes its copy, the
// parent's stays open. Why does the child close `reader`? When nobody
// has a reader any more, `send_bytes` fails, so the child learns that
// its parent has gone. If the child had one itself, it would go on to
// send, and wait for ever when the pipe is full.
static int tell(void *args)
{
    struct tell_args *given = args;
    mp_connection_close(&given->reader);
    for (int number = 1; number <= 3; number++) {
        char text[20];
        int size = snprintf(text, sizeof text, "message %d", number);
        check(mp_connection_send_bytes(&given->writer, text,
                                       (size_t)size));
    }
    mp_connection_close(&given->writer);
    return 0;
}

// `recv_bytes_into` waits for a message and returns its size, or -1.
// The message has no '\0' at its end.
static int show_message(mp_connection *reader)
{
    char text[20];
    ssize_t size = mp_connection_recv_bytes_into(reader, text,
                                                 sizeof text);
    if (size == -1) {
        printf("%s\n", mp_error());
        return -1;
    }
    printf("received %.*s\n", (int)size, text);
    return 0;
}

// `MP_PASS_FDS` names the descriptors that the child needs. A child of
// fork has a copy of each descriptor anyway. A child of spawn or of
// forkserver has only these. Python finds them among the arguments.
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
    mp_connection_close(&writer);

    while (show_message(&reader) == 0) {
    }
    mp_connection_close(&reader);
    check(mp_process_join(&p, MP_FOREVER));
    check(mp_process_close(&p));
}

// ## See it
//
// `make syscalls-pipe_queue` lists system calls. Each message is one
// `write` of the child, of 13 bytes: 4 that say the size, and the 9 of
// `message 1`. Both ends come from one `pipe2` of the parent: see who
// closes which. The parent reads seven times: two reads for each
// message, and one that finds the end of file.
//
// ## What happens underneath
//
// `mp_pipe()` in `common/message/connection.c` asks the kernel for a
// pipe (pipe(7)): 64 KiB of the kernel's memory, and a descriptor for
// each end. A process that writes to a full pipe sleeps, and a process
// that reads from an empty one sleeps, too. The kernel counts the
// descriptors of each end, in all processes. When the last writer is
// closed, a read from the empty pipe returns 0 bytes: this is the end
// of file. When a process ends or is killed, the kernel closes all its
// descriptors.
//
// A pipe knows bytes and no messages: one read may return what two
// writes wrote. So `mp_connection_send_bytes()` in
// `common/message/connection.c` sends the size first, in 4 bytes, and
// `read_size()` in `common/message/connection.c` reads it first.
// Python's `send_bytes` sends the same. Its `send` pickles an object
// first (lesson 4).
//
// `mp_pipe(true, ..)` takes a pair of sockets, whose two ends both send
// and receive (unix(7)).
//
// ## Try this
//
// - Send a message of 0 bytes. Does the parent take it for the end?
// - Call `time_sleep(1)` before each message, and let the parent close
//   `reader` after the first one. What does the child's `check` print?
//   What does it print if the child leaves its `reader` open?
// - Type `strace -f -e read,write
//   build/cc/lessons/20_pipe_queue/pipe_queue`, on one line. Which 4
//   bytes come before each message?
