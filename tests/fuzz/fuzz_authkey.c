// What the other end of a handshake sends, in both roles. The first byte says
// which: odd for the client. Our challenge is always the same one, so that
// bytes which are the right answer get further.

#include "fuzz.h"

#include <sys/socket.h>

#include "base/clock.h"
#include "message/authkey.h"

#define KEY "secret password"

// In place of the C library's.
int getentropy(void *bytes, size_t size)
{
    memset(bytes, 0x5a, size);
    return 0;
}

#ifdef MP_OPENSSL
#include <openssl/hmac.h>

// Whether the first message is an answer to this challenge.
static bool is_right(const uint8_t *bytes, size_t size, const uint8_t *asked,
                     size_t asked_size)
{
    const char *const names[] = { "{sha256}", "{md5}", "{sha384}", "{sha3_256}",
                                  "{sha3_384}", "" };
    const EVP_MD *functions[] = { EVP_sha256(), EVP_md5(), EVP_sha384(),
                                  EVP_sha3_256(), EVP_sha3_384(), EVP_md5() };
    bool extended = size >= 12 && memcmp(bytes, "\377\377\377\377", 4) == 0;
    for (int i = 0; i < 6; i++) {
        uint8_t right[12 + 10 + EVP_MAX_MD_SIZE] = { 0 };
        uint8_t *end = right + (extended ? 12 : 4);
        unsigned length;
        size_t name = strlen(names[i]);
        memcpy(end, names[i], name);
        HMAC(functions[i], KEY, sizeof KEY - 1, asked, asked_size, end + name,
             &length);
        memset(right, 255, extended ? 4 : 0);
        end[-1] = (uint8_t)(name + length);
        end += name + length;
        if (size >= (size_t)(end - right) &&
            memcmp(bytes, right, (size_t)(end - right)) == 0) {
            return true;
        }
    }
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    mp_connection ours, other;
    uint8_t sent[1024];
    if (size == 0 || size > 4096) {
        return 0;
    }
    bool client = bytes[0] & 1;
    bytes++, size--;
    require(mp_pipe(true, &ours, &other) == 0);
    require(write(other.fd, bytes, size) == (ssize_t)size);
    shutdown(other.fd, SHUT_WR);
    int result = mp_authkey_prove(&ours, client, KEY, sizeof KEY - 1,
                                  mp_clock_deadline(60));
    require(result == 0 || errno == EKEYREJECTED);
    ssize_t got = recv(other.fd, sent, sizeof sent, MSG_DONTWAIT);
    size_t count = got > 0 ? (size_t)got : 0;
    mp_connection_close(&ours);
    mp_connection_close(&other);
    require(count <= 4 + 59 + 4 + 9 + 4 + 58);
    require(memmem(sent, count, KEY, sizeof KEY - 1) == NULL);
    bool welcome = memmem(sent, count, "#WELCOME#", 9) != NULL;
    require(result == -1 || welcome);
    if (!client) {
        require(welcome == is_right(bytes, size, sent + 15, 48));
    }
    return 0;
}
#else
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    (void)bytes, (void)size;
    puts("1..0 # skip: there is no handshake without OpenSSL");
    exit(0);
}
#endif
