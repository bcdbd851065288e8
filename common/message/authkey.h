// authkey.h - how both ends of a connection prove that they have the key.
//
// The handshake of CPython 3.12 and later. The key is never sent. The listener
// sends random bytes, the challenge; the client answers with their HMAC (RFC
// 2104), which only a holder of the key can compute. Then the client challenges
// the listener:
//
//     listener                             client
//     #CHALLENGE#{sha256}<40 bytes>
//                                          {sha256}<HMAC, 32 bytes>
//     #WELCOME#, or #FAILURE#
//                                          #CHALLENGE#{sha256}<40 bytes>
//     {sha256}<HMAC, 32 bytes>
//                                          #WELCOME#, or #FAILURE#
//
// CPython up to 3.11 sends a challenge of 20 bytes, without the digest's name.
// It is answered with 16 bytes of HMAC-MD5; such an answer is accepted as well.
//
// The handshake encrypts nothing, and does not say who the other end is. A
// process in between that passes all messages on can read what follows, and
// change it. Between machines, use a tunnel (ssh -L).

#ifndef MP_MESSAGE_AUTHKEY_H
#define MP_MESSAGE_AUTHKEY_H

#include "message/connection.h"

// Whether this may be an authkey; NULL, for none, may. Errors: EINVAL; ENOSYS
// where the library was built without OpenSSL.
int mp_authkey_check(const void *key, size_t size);

// For the library itself: the handshake, in one role or the other. It needs no
// memory, whatever size the other end announces. Errors: EKEYREJECTED, also
// where the connection fails or the time has passed; mp_error() says which.
int mp_authkey_prove(mp_connection *connection, bool client, const void *key,
                     size_t size, double deadline);

#endif
