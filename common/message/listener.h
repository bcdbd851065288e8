// listener.h - connections between programs, and between machines. Python:
// multiprocessing.connection's Listener and Client. Lesson 21.
//
//     mp_listener listener;               // in one program
//     mp_connection connection;
//     mp_listener_init(&listener, .host = "localhost", .port = 6000,
//                      MP_AUTHKEY("secret password"));
//     mp_listener_accept(&listener, &connection, MP_FOREVER);
//
//     mp_client(&connection, .host = "localhost", .port = 6000,
//               MP_AUTHKEY("secret password"));  // in another, or in Python
//
// With an authkey, both ends prove that they have it (authkey.h). Without one,
// everybody whom the address lets in is connected.

#ifndef MP_MESSAGE_LISTENER_H
#define MP_MESSAGE_LISTENER_H

#include "message/connection.h"
#include "process/process.h"

#define MP_HANDSHAKE_SECONDS 10.0  // at most, for one handshake

// Where a listener is, and its key. Give .path or .host, not both.
typedef struct {
    const char *path;     // of a socket file, whose permissions say who may
                          // connect; "@name" is no file (unix(7), abstract)
    const char *host;     // "localhost" or "192.0.2.1"; "": all of this machine
    int port;             // 0: the listener gets a free one
    int backlog;          // how many may wait for accept; 0: 1
    const void *authkey;  // NULL: none. One of 0 bytes is a key, too.
    size_t authkey_size;  // bytes; MP_AUTHKEY fills in both
    int last;             // filled in by the macros below
} mp_address_options;

// For a key that is written in the program. (mp_process_authkey gives others.)
#define MP_AUTHKEY(text) .authkey = "" text, .authkey_size = sizeof(text) - 1

// The caller's memory. A child may have a copy, with .fd among its MP_PASS_FDS.
typedef struct {
    int fd;                  // -1: closed; mp_wait takes it
    int port;                // of one with a host
    char address[108];       // the path, or "127.0.0.1:6000"; "" when closed
    pid_t owner;             // whose close removes the file; 0: there is none
    bool private_directory;  // made for the file, and removed with it
    bool authenticates;
    size_t authkey_size;
    unsigned char authkey[MP_AUTHKEY_MOST];
} mp_listener;

// Python: Listener(address, backlog=.., authkey=..), called as
// mp_listener_init(&listener, .path = ..). Without an address it makes a file
// in a directory of its own, which only this user may enter, in $TMPDIR or
// /tmp. Errors: EADDRINUSE, also where a program that has ended left its file
// behind; EINVAL; ENOSYS for an authkey without OpenSSL.
#define mp_listener_init(...) MP_LISTENER_INIT(__VA_ARGS__, .last = 0)
#define MP_LISTENER_INIT(listener, ...) \
    mp_listener_init_with((listener), &(mp_address_options){__VA_ARGS__})
int mp_listener_init_with(mp_listener *listener,
                          const mp_address_options *options);

// Blocks until somebody connects, or for `timeout` seconds, and then for the
// handshake. Errors worth handling: ETIMEDOUT where nobody connects;
// EKEYREJECTED where the handshake failed. The listener can accept the next.
int mp_listener_accept(mp_listener *listener, mp_connection *connection,
                       double timeout);

// Python: Client(address, authkey=..), called as mp_client(&connection, .path =
// ..). Blocks while the backlog is full, and for the handshake, for at most
// MP_HANDSHAKE_SECONDS each. Errors worth handling: ECONNREFUSED or ENOENT
// where nobody listens; ETIMEDOUT; EKEYREJECTED.
#define mp_client(...) MP_CLIENT(__VA_ARGS__, .last = 0)
#define MP_CLIENT(connection, ...) \
    mp_client_with((connection), &(mp_address_options){__VA_ARGS__})
int mp_client_with(mp_connection *connection,
                   const mp_address_options *options);

// Closes it, and removes its file. May be repeated.
void mp_listener_close(mp_listener *listener);

#endif
