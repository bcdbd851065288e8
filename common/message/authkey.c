#include "base/platform.h"

#include "message/authkey.h"

#include <string.h>
#ifdef MP_OPENSSL
#include <openssl/crypto.h>
#include <openssl/hmac.h>
#endif

#include "base/error.h"
#include "process/children.h"

int mp_authkey_check(const void *key, size_t size)
{
    if (size > MP_AUTHKEY_MOST || (key == NULL && size > 0)) {
        return mp_fail(EINVAL, "an authkey has at most %d bytes",
                       MP_AUTHKEY_MOST);
    }
#ifndef MP_OPENSSL
    if (key != NULL) {
        return mp_fail(ENOSYS, "an authkey needs OpenSSL: install libssl-dev "
                       "(make deps), and build again");
    }
#endif
    return 0;
}

#ifdef MP_OPENSSL

enum {
    PREFIX = sizeof "#CHALLENGE#" - 1,
    NAME = sizeof "{sha256}" - 1, RANDOM = 40,  // follow in our challenge
    OLD_CHALLENGE = 20, OLD_ANSWER = 16,        // of CPython up to 3.11
    MOST = 256,  // bytes that a message of the handshake may have
};

// What a challenge or an answer calls its digest, and OpenSSL's name for it.
// The first is that of CPython up to 3.11, which names none.
static const struct digest {
    const char *name, *openssl;
} digests[] = { { "", "MD5" },                { "{md5}", "MD5" },
                { "{sha256}", "SHA256" },     { "{sha384}", "SHA384" },
                { "{sha3_256}", "SHA3-256" }, { "{sha3_384}", "SHA3-384" } };

typedef struct {
    mp_connection *connection;
    const void *key;
    size_t key_size;
    double deadline;
} handshake;

// The digest of this challenge or answer, or NULL.
static const struct digest *find_digest(const unsigned char *message,
                                        size_t size, size_t old_size)
{
    if (size == old_size) {
        return &digests[0];
    }
    for (size_t i = 1; i < sizeof digests / sizeof *digests; i++) {
        size_t length = strlen(digests[i].name);
        if (size >= length && memcmp(message, digests[i].name, length) == 0) {
            return &digests[i];
        }
    }
    return NULL;
}

// Writes the right answer to a challenge, and returns its size: 0 without a
// digest, or where OpenSSL refuses it (MD5, with FIPS 140).
static size_t make_answer(const handshake *h, const struct digest *its,
                          const unsigned char *challenge, size_t size,
                          unsigned char *answer)
{
    unsigned length = 0;
    if (its == NULL) {
        return 0;
    }
    size_t name = strlen(its->name);
    memcpy(answer, its->name, name);
    HMAC(EVP_get_digestbyname(its->openssl), h->key, (int)h->key_size,
         challenge, size, answer + name, &length);
    return length > 0 ? name + length : 0;
}

static int deliver_challenge(const handshake *h)
{
    unsigned char message[MOST] = "#CHALLENGE#{sha256}", answer[MOST];
    unsigned char right[MOST], *challenge = message + PREFIX;
    ssize_t size;
    if (getentropy(challenge + NAME, RANDOM) == -1) {
        return mp_fail(errno, "no random bytes: %s", strerror(errno));
    }
    if (mp_connection_send_bytes(h->connection, message,
                                 PREFIX + NAME + RANDOM) == -1 ||
        (size = mp_connection_recv_before(h->connection, answer, MOST,
                                          h->deadline)) == -1) {
        return -1;
    }
    const struct digest *its = find_digest(answer, (size_t)size, OLD_ANSWER);
    size_t right_size = make_answer(h, its, challenge, NAME + RANDOM, right);
    // How long CRYPTO_memcmp takes tells nobody how many bytes were right.
    if (right_size == 0 || (size_t)size != right_size ||
        CRYPTO_memcmp(answer, right, right_size) != 0) {
        mp_connection_send_bytes(h->connection, "#FAILURE#", 9);
        return mp_fail(EKEYREJECTED, "digest received was wrong");
    }
    return mp_connection_send_bytes(h->connection, "#WELCOME#", 9);
}

static int answer_challenge(const handshake *h)
{
    unsigned char message[MOST], answer[MOST], *challenge = message + PREFIX;
    ssize_t got = mp_connection_recv_before(h->connection, message, MOST,
                                            h->deadline);
    if (got == -1) {
        return -1;
    }
    if (got < PREFIX || memcmp(message, "#CHALLENGE#", PREFIX) != 0) {
        return mp_fail(EKEYREJECTED, "protocol error, expected challenge");
    }
    size_t size = (size_t)got - PREFIX;
    const struct digest *its = find_digest(challenge, size, OLD_CHALLENGE);
    size_t answer_size = make_answer(h, its, challenge, size, answer);
    if (size < OLD_CHALLENGE || answer_size == 0) {
        return mp_fail(EKEYREJECTED,
                       "challenge is too short, or of no known digest");
    }
    if (mp_connection_send_bytes(h->connection, answer, answer_size) == -1 ||
        (got = mp_connection_recv_before(h->connection, message, MOST,
                                         h->deadline)) == -1) {
        return -1;
    }
    return got == 9 && memcmp(message, "#WELCOME#", 9) == 0
               ? 0 : mp_fail(EKEYREJECTED, "digest sent was rejected");
}

int mp_authkey_prove(mp_connection *connection, bool client, const void *key,
                     size_t size, double deadline)
{
    handshake h = { connection, key, size, deadline };
    int result = client ? answer_challenge(&h) : deliver_challenge(&h);
    if (result == 0) {
        result = client ? deliver_challenge(&h) : answer_challenge(&h);
    }
    if (result == -1) {
        errno = EKEYREJECTED;  // also where the connection failed
    }
    return result;
}

#else

int mp_authkey_prove(mp_connection *connection, bool client, const void *key,
                     size_t size, double deadline)
{
    (void)connection, (void)client, (void)deadline;
    return mp_authkey_check(key, size);
}

#endif
