// # The key that every child has
//
// A process and its children need not agree on a key: each has one. The
// main process's is random, and each child has a copy of its parent's.
// So `current_process().authkey` is a key that nobody else has. Watch a
// child that connects to its parent, and one that has been given
// another key.

#include "lesson.h"

static int hello(void *args)
{
    mp_process *me = mp_current_process();
    mp_connection connection;
    size_t size;
    const unsigned char *key = mp_process_authkey(me, &size);
    check(key == NULL ? -1 : 0);
    if (mp_client(&connection, .path = args, .authkey = key,
                  .authkey_size = size) == -1) {
        printf("%s: %s\n", mp_process_name(me), mp_error());
        return 1;
    }
    check(mp_connection_send_bytes(&connection, "hello", 5));
    mp_connection_close(&connection);
    return 0;
}

// The error of a call that failed stays until the next one fails.
static void accept_one(mp_listener *listener, mp_process *p)
{
    mp_connection connection;
    char text[20];
    check(mp_process_start(p));
    int accepted = mp_listener_accept(listener, &connection,
                                      MP_FOREVER);
    check(mp_process_join(p, MP_FOREVER));
    if (accepted == -1) {
        printf("main: %s\n", mp_error());
    } else {
        int size = (int)mp_connection_recv_bytes_into(&connection, text,
                                                      sizeof text);
        printf("main: %.*s from %s\n", size, text, mp_process_name(p));
        mp_connection_close(&connection);
    }
    check(mp_process_close(p));
}

// Without an address, the listener makes a socket file in a directory
// that only this user may enter, and `mp_listener_close()` removes it.
int main(int argc, char **argv)
{
    mp_main(argc, argv);
    lesson_no_arguments(argc, argv);

    mp_listener listener;
    mp_process child, stranger;
    size_t size;
    const unsigned char *key =
        mp_process_authkey(mp_current_process(), &size);
    if (mp_listener_init(&listener, .authkey = key,
                         .authkey_size = size) == -1) {
        return puts(mp_error()) == EOF;  // without OpenSSL: says so
    }
    check(mp_process_init(&child, .target = hello,
                          MP_ARGS(listener.address)));
    accept_one(&listener, &child);

    check(mp_process_init(&stranger, .target = hello,
                          MP_ARGS(listener.address)));
    check(mp_process_set_authkey(&stranger, "another", 7));
    accept_one(&listener, &stranger);
    mp_listener_close(&listener);
}

// ## What happens underneath
//
// `mp_current_new_record()` in `common/process/current.c` copies the
// key of the current process for each new object. Under spawn and
// forkserver it travels with the spawn data. The socket never has it.
//
// A listener without a key lets everybody in whom the address lets in.
// That is why a file in a private directory is the default, and not a
// port of "localhost", to which each user of the machine can connect.
//
// ## Try this
//
// - Give the listener `.host = "localhost"`, and the children its port.
//   Which numbers does `listener.address` show?
// - Set the stranger's key to nothing: `mp_process_set_authkey(.., "",
//   0)`. Is an empty key the same as none?
