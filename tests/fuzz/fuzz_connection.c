// What comes from the other end of a connection, as bytes: messages, sizes that
// lie, and ends in the middle. Held against a decoder that is written anew.

#include "fuzz.h"

#include "message/connection.h"

enum { ROOM = 64, LARGEST = 1 << 20 };

// What the next call must find in `bytes`, from `*at` on: the errno of a
// failure, or 0 and a message.
static int decode(const uint8_t *bytes, size_t size, size_t *at,
                  const uint8_t **message, uint64_t *length)
{
    size_t left = size - *at, header = 4;
    const uint8_t *p = bytes + *at;
    if (left == 0) {
        return ENODATA;
    }
    if (left < 4) {
        return EBADMSG;
    }
    *length = (uint64_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
    if (*length == 0xffffffff) {
        header = 12;
        if (left < 12) {
            return EBADMSG;
        }
        *length = 0;
        for (int i = 4; i < 12; i++) {
            *length = *length * 256 + p[i];
        }
        if (p[4] > 127) {
            return EBADMSG;
        }
    } else if (p[0] > 127) {
        return EBADMSG;
    }
    *message = p + header;
    *at += header;
    if (*length > left - header) {
        return *length > ROOM ? EMSGSIZE : EBADMSG;
    }
    *at += *length;
    return 0;
}

// Takes messages until the first failure that ends them.
static void take_all(mp_connection *connection, const uint8_t *bytes,
                     size_t size)
{
    const uint8_t *message = NULL;
    uint64_t length = 0;
    for (size_t at = 0;;) {
        uint8_t buffer[ROOM];
        void *allocated = NULL;
        int error = decode(bytes, size, &at, &message, &length);
        errno = 0;
        ssize_t got = mp_connection_recv_bytes_into(connection, buffer, ROOM);
        if (got == -1 && errno == EMSGSIZE) {
            // It is still there, for whoever has room.
            require(length > ROOM && connection->size == length);
            if (length > LARGEST) {
                return;
            }
            got = mp_connection_recv_bytes(connection, &allocated);
            error = error == EMSGSIZE ? EBADMSG : error;
        }
        if (error != 0) {
            require(got == -1 && errno == error && allocated == NULL);
            return;
        }
        require(got >= 0 && (uint64_t)got == length);
        require(memcmp(allocated != NULL ? allocated : buffer, message,
                       length) == 0);
        free(allocated);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static int file = -1;
    if (file == -1) {
        file = memfd_create("fuzz", MFD_CLOEXEC);
    }
    require(ftruncate(file, 0) == 0);
    require(pwrite(file, bytes, size, 0) == (ssize_t)size);
    require(lseek(file, 0, SEEK_SET) == 0);
    mp_connection connection = { .fd = file, .readable = true };
    take_all(&connection, bytes, size);
    return 0;
}
