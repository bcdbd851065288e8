// Sends itself so many messages of so many bytes, one after the other, by a
// pipe, a duplex pipe or a queue: messages pipe|duplex|queue SIZE TIMES.

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mp.h"

enum { MOST = 50000 };  // a pipe holds it

int main(int argc, char **argv)
{
    mp_main(argc, argv);
    static char bytes[MOST];
    const char *how = argv[1];
    size_t size = (size_t)atol(argv[2]);
    mp_connection reader, writer;
    mp_queue *queue = mp_queue_new(0);
    mp_pipe(strcmp(how, "duplex") == 0, &reader, &writer);
    for (long i = 0; i < atol(argv[3]); i++) {
        bool good =
            strcmp(how, "queue") == 0
                ? mp_queue_put(queue, bytes, size, MP_FOREVER) == 0 &&
                      mp_queue_get(queue, bytes, MOST, 1) == (ssize_t)size
                : mp_connection_send_bytes(&writer, bytes, size) == 0 &&
                      mp_connection_recv_bytes_into(&reader, bytes, MOST) ==
                          (ssize_t)size;
        if (!good) {
            return 1;
        }
    }
    mp_queue_free(queue);
    return 0;
}
