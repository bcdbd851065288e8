// connection.h - a Pipe: two ends that send each other messages.
// Python: Pipe and Connection (Lib/multiprocessing/connection.py). Lessons 20
// and 21. The files of this folder, in reading order: connection.h; queue.h (a
// Queue, in shared memory); listener.h (connections between programs, and
// between machines); authkey.h (how both sides prove that they have the key).
//
//     mp_connection reader, writer;
//     mp_pipe(false, &reader, &writer);
//     mp_process_init(&p, .target = tell, MP_ARGS((struct args){ writer }),
//                     MP_PASS_FDS(writer.fd));
//     mp_process_start(&p);
//     mp_connection_close(&writer);  // ours; the child has its own
//     char text[100];
//     ssize_t size = mp_connection_recv_bytes_into(&reader, text, sizeof text);
//
// **The end of file comes when no process has the other end any more.** So each
// closes the end that it does not use. A child of fork has both ends, whatever
// MP_PASS_FDS says; one of spawn or forkserver has what it was passed.
//
// What does a process return to its parent, and how? One number: its exit code.
// Some values of known size: shared memory (memory/shm.h). The results of many
// calls: a Pool (pool/pool.h). Messages between two processes: a Pipe; between
// many: a Queue.
//
// On the wire a message is its size, 4 bytes, the highest first, and then its
// bytes. For 2 GiB and more, 4 bytes ff come first, and then 8 bytes of size.
// This is CPython's send_bytes, so a Python program may have the other end.
//
// At a time, one thread may send and one may receive. Where several processes
// send into one end, the kernel keeps a message of up to 4092 bytes whole
// (pipe(7), PIPE_BUF); parts of larger ones may mix. A Queue keeps all whole.

#ifndef MP_MESSAGE_CONNECTION_H
#define MP_MESSAGE_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// One end. A copy of it, as among the arguments of a process, is the same end.
typedef struct {
    int fd;                   // Python: fileno(); -1: closed; mp_wait takes it
    bool readable, writable;  // a pipe's ends are one or the other
    bool announced;           // the size of the next message has been read
    uint64_t size;            // and is this
} mp_connection;

// Python: Pipe(duplex). Two ends of a socket, which both send and receive
// (unix(7)); or, where duplex is false, of a pipe, which is faster: the first
// receives, the second sends (pipe(7)). Errors: EMFILE.
int mp_pipe(bool duplex, mp_connection *first, mp_connection *second);

// Closes this end, if it is open.
void mp_connection_close(mp_connection *connection);

// Sends one message: any number of bytes, also none. Blocks while the other end
// is full. Where one is killed in here, the other end learns it (EBADMSG).
// Errors: EPIPE where nobody has the other end. No signal SIGPIPE ends the
// process: where that is the signal's action, the first send installs a
// handler that does nothing. (Python ignores the signal.)
int mp_connection_send_bytes(mp_connection *connection, const void *bytes,
                             size_t size);

// Blocks until there is a message, and returns its size. The first gives you
// memory, which you free(3). The second copies it to `buffer`, with room for
// so many bytes. Errors: ENODATA "end of file" where nobody has the other end
// any more, each time; EBADMSG where that happened inside of a message, or what
// came is no message; EMSGSIZE "bad message length" where there is no room, and
// ENOMEM: then the message is still there, for a call that has room.
ssize_t mp_connection_recv_bytes(mp_connection *connection, void **message);
ssize_t mp_connection_recv_bytes_into(mp_connection *connection, void *buffer,
                                      size_t room);

// Whether one of them would find a message, or the end of file, within so many
// seconds: 1 or 0. It takes nothing.
int mp_connection_poll(mp_connection *connection, double timeout);

// For the library itself: as above, but only until `deadline` (clock.h). Errors
// worth handling: ETIMEDOUT.
ssize_t mp_connection_recv_before(mp_connection *connection, void *buffer,
                                  size_t room, double deadline);

#endif
