#include "base/platform.h"

#include "message/authkey.h"

#include <string.h>
#ifdef MP_OPENSSL
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

static const char challenge[] = "#CHALLENGE#", welcome[] = "#WELCOME#",
                  failure[] = "#FAILURE#";

enum {
    PREFIX = sizeof challenge - 1,
    RANDOM = 40,  // what our challenge has after the digest's name
    OLD_CHALLENGE = 20, OLD_ANSWER = 16,
    MAC = 64,     // bytes, the longest that there is
    MOST = 256,   // bytes that a message of the handshake may have
};

// What a message of the handshake calls a digest, and OpenSSL's name for it.
// The first is what our challenge asks for. The second is the old one.
static const struct digest {
    const char *name, *openssl;
} digests[] = { { "{sha256}", "SHA256" },     { "{md5}", "MD5" },
                { "{sha384}", "SHA384" },     { "{sha3_256}", "SHA3-256" },
                { "{sha3_384}", "SHA3-384" } };

typedef struct {
    mp_connection *connection;
    const void *key;
    size_t key_size;
    double deadline;
} handshake;

// ---- digests --------------------------------------------------------------

// Returns its size. 0 where OpenSSL refuses the digest (MD5, with FIPS 140).
static size_t hmac(const handshake *h, const struct digest *digest,
                   const void *message, size_t size, unsigned char *mac)
{
    unsigned length = 0;
#ifdef MP_OPENSSL
    HMAC(EVP_get_digestbyname(digest->openssl), h->key, (int)h->key_size,
         message, size, mac, &length);
#else
    (void)h, (void)digest, (void)message, (void)size, (void)mac;
#endif
    return length;
}

// Takes as long where the first byte differs as where none does: how long it
// takes tells nobody how many bytes were right.
static bool same(const unsigned char *a, const unsigned char *b, size_t size)
{
    volatile unsigned char different = 0;
    for (size_t i = 0; i < size; i++) {
        different |= a[i] ^ b[i];
    }
    return different == 0;
}

// The digest whose name a message begins with, or NULL.
static const struct digest *named(const unsigned char *message, size_t size)
{
    for (size_t i = 0; i < sizeof digests / sizeof *digests; i++) {
        size_t length = strlen(digests[i].name);
        if (size >= length && memcmp(message, digests[i].name, length) == 0) {
            return &digests[i];
        }
    }
    return NULL;
}

// ---- messages -------------------------------------------------------------

static int refuse(const char *why)
{
    return mp_fail(EKEYREJECTED, "%s", why);
}

static int lost(void)
{
    char why[200];
    snprintf(why, sizeof why, "%s", mp_error());
    return mp_fail(EKEYREJECTED, "handshake: %s", why);
}

static int say(const handshake *h, const void *text, size_t size)
{
    int sent = mp_connection_send_bytes(h->connection, text, size);
    return sent == 0 ? 0 : lost();
}

static ssize_t hear(const handshake *h, unsigned char *message)
{
    ssize_t size = mp_connection_recv_before(h->connection, message, MOST,
                                             h->deadline);
    return size != -1 ? size : lost();
}

// ---- the two halves of the handshake --------------------------------------

static bool right(const handshake *h, const unsigned char *asked,
                  size_t asked_size, const unsigned char *answer, size_t size)
{
    unsigned char mac[MAC];
    const struct digest *digest = &digests[1];
    if (size != OLD_ANSWER) {
        digest = named(answer, size);
        if (digest == NULL) {
            return false;
        }
        answer += strlen(digest->name);
        size -= strlen(digest->name);
    }
    size_t length = hmac(h, digest, asked, asked_size, mac);
    return length > 0 && length == size && same(mac, answer, size);
}

static int deliver_challenge(const handshake *h)
{
    unsigned char message[MOST] = "#CHALLENGE#{sha256}", answer[MOST];
    unsigned char *asked = message + PREFIX;
    unsigned char *random = asked + strlen(digests[0].name);
    size_t size = (size_t)(random - asked) + RANDOM;
    if (getentropy(random, RANDOM) == -1) {
        return mp_fail(errno, "no random bytes: %s", strerror(errno));
    }
    if (say(h, message, PREFIX + size) == -1) {
        return -1;
    }
    ssize_t answered = hear(h, answer);
    if (answered == -1) {
        return -1;
    }
    if (!right(h, asked, size, answer, (size_t)answered)) {
        say(h, failure, sizeof failure - 1);
        return refuse("digest received was wrong");
    }
    return say(h, welcome, sizeof welcome - 1);
}

// Returns the answer's size, or 0 where there is none.
static size_t find_answer(const handshake *h, const unsigned char *asked,
                          size_t size, unsigned char *answer)
{
    if (size == OLD_CHALLENGE) {
        return hmac(h, &digests[1], asked, size, answer);
    }
    const struct digest *digest = named(asked, size);
    if (size < OLD_CHALLENGE || digest == NULL) {
        return 0;
    }
    size_t length = strlen(digest->name);
    memcpy(answer, digest->name, length);
    return length + hmac(h, digest, asked, size, answer + length);
}

static int answer_challenge(const handshake *h)
{
    unsigned char message[MOST], answer[MOST];
    ssize_t size = hear(h, message);
    if (size == -1) {
        return -1;
    }
    if (size < PREFIX || memcmp(message, challenge, PREFIX) != 0) {
        return refuse("protocol error, expected challenge");
    }
    size_t answered = find_answer(h, message + PREFIX, (size_t)size - PREFIX,
                                  answer);
    if (answered == 0) {
        return refuse("challenge is too short, or of no known digest");
    }
    if (say(h, answer, answered) == -1) {
        return -1;
    }
    size = hear(h, message);
    return size == -1 ? -1
           : size == sizeof welcome - 1 && memcmp(message, welcome, size) == 0
               ? 0 : refuse("digest sent was rejected");
}

int mp_authkey_prove(mp_connection *connection, bool client, const void *key,
                     size_t size, double deadline)
{
    handshake h = { connection, key, size, deadline };
    if (client) {
        return answer_challenge(&h) == 0 ? deliver_challenge(&h) : -1;
    }
    return deliver_challenge(&h) == 0 ? answer_challenge(&h) : -1;
}
