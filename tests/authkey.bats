#!/usr/bin/env bats
# The handshake with Python's own, and what is there without OpenSSL.

build=${B:-build/cc}

with_openssl() {
    echo '#include <openssl/hmac.h>' | cc -E -x c - > /dev/null 2>&1 ||
        skip "OpenSSL's headers are not there"
}

@test "ours and each Python prove the key to each other, and talk, in both roles" {
    with_openssl
    python3 tests/interoperate.py "$build/tests/programs/peer"
    for python in "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.*/bin/python3; do
        [ ! -x "$python" ] || "$python" tests/interoperate.py "$build/tests/programs/peer"
    done
}

@test "only a program that listens or connects loads OpenSSL's library" {
    with_openssl
    ldd "$build/tests/programs/peer" | grep -q libcrypto
    ! ldd "$build/tests/programs/waits" | grep -q libcrypto
}

@test "without OpenSSL all compiles and runs, and a key says what to install" {
    cc -std=gnu11 -Icommon tests/programs/peer.c common/*/*.c -pthread -o "$BATS_TEST_TMPDIR/peer"
    run "$BATS_TEST_TMPDIR/peer" listener host 1 key
    [ "$status" -eq 1 ]
    [ "$output" = "an authkey needs OpenSSL: install libssl-dev (make deps), and build again" ]
}

@test "lesson 21 says in one line that it needs python3" {
    with_openssl
    lesson="$PWD/$build/lessons/21_authkey/authkey"
    run env PATH="$BATS_TEST_TMPDIR" "$lesson"
    [ "$status" -eq 0 ]
    [ "$output" = "This needs python3 (make deps)." ]
}
