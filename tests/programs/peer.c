// One end of a connection with a key; tests/interoperate.py has the other.
//
//     peer listener host 3 KEY       prints its address; 3 connections
//     peer listener path 3 KEY
//     peer client 127.0.0.1:6000 KEY
//     peer client /tmp/x KEY
//
// The listener sends each message back. The client sends messages of 4 bytes to
// 1 MiB, and wants each back. Both say what they cannot do.

#include "base/platform.h"

#include <string.h>

#include "mp.h"

static int say_error(void)
{
    puts(mp_error());
    fflush(stdout);
    return 1;
}

static void echo(mp_connection *connection)
{
    void *message;
    ssize_t size;
    while ((size = mp_connection_recv_bytes(connection, &message)) != -1) {
        mp_connection_send_bytes(connection, message, (size_t)size);
        free(message);
    }
    puts(errno == ENODATA ? "echoed" : mp_error());
    fflush(stdout);
    mp_connection_close(connection);
}

static int listen_to(const char *family, int count, const char *key)
{
    mp_listener listener;
    mp_connection connection;
    if (mp_listener_init(&listener,
                         .host = *family == 'h' ? "localhost" : NULL,
                         .authkey = key, .authkey_size = strlen(key)) == -1) {
        return say_error();
    }
    puts(listener.address);
    fflush(stdout);
    for (int i = 0; i < count; i++) {
        if (mp_listener_accept(&listener, &connection, 60) == -1) {
            say_error();
        } else {
            echo(&connection);
        }
    }
    mp_listener_close(&listener);
    return 0;
}

static int call(char *address, const char *key)
{
    static char sent[1 << 20], got[1 << 20];
    mp_connection connection;
    char *colon = strchr(address, ':');
    if (colon != NULL) {
        *colon = '\0';
    }
    if (mp_client(&connection, .path = colon == NULL ? address : NULL,
                  .host = colon == NULL ? NULL : address,
                  .port = colon == NULL ? 0 : atoi(colon + 1),
                  .authkey = key, .authkey_size = strlen(key)) == -1) {
        return say_error();
    }
    for (size_t size = 4; size <= sizeof sent; size *= 2) {
        memset(sent, (int)(size / 4), size);
        if (mp_connection_send_bytes(&connection, sent, size) == -1 ||
            mp_connection_recv_bytes_into(&connection, got, sizeof got) !=
                (ssize_t)size ||
            memcmp(sent, got, size) != 0) {
            return say_error();
        }
    }
    puts("all came back");
    mp_connection_close(&connection);
    return 0;
}

int main(int argc, char **argv)
{
    mp_main(argc, argv);
    if (argc == 5 && strcmp(argv[1], "listener") == 0) {
        return listen_to(argv[2], atoi(argv[3]), argv[4]);
    }
    return argc == 4 ? call(argv[2], argv[3]) : 2;
}
