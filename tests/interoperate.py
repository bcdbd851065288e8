#!/usr/bin/env python3
"""Connects the program peer, which is ours, to Python's Listener and Client, in
both roles:

    tests/interoperate.py build/cc/tests/programs/peer

The handshake is Python's own; and, so that one Python shows both generations,
also that of CPython up to 3.11 and that of 3.12 and later, as written here. Run
it with each Python that there is.
"""

import hmac
import itertools
import os
import subprocess
import sys
from multiprocessing import AuthenticationError, connection


PEER = sys.argv[1]
KEY = 'secret password'
DIGESTS = ['md5', 'sha256', 'sha384', 'sha3_256', 'sha3_384']
SIZES = [4 << n for n in range(19)]


def digest_of(key, asked, digest):
    return hmac.new(key, asked, digest).digest()


class Handshake:
    """One generation; the newer ones name a digest in what they send."""

    def __init__(self, digest=None):
        self.digest = digest
        self.name = digest or 'old'
        self.prefix = b'{%s}' % digest.encode() if digest else b''

    def deliver(self, c, key):
        asked = self.prefix + os.urandom(40 if self.digest else 20)
        c.send_bytes(b'#CHALLENGE#' + asked)
        answer = c.recv_bytes(256)
        digest, mac = 'md5', answer
        if self.digest:
            name, _, mac = answer.partition(b'}')
            digest = name[1:].decode()
        if not hmac.compare_digest(digest_of(key, asked, digest), mac):
            c.send_bytes(b'#FAILURE#')
            raise AuthenticationError('digest received was wrong')
        c.send_bytes(b'#WELCOME#')

    def answer(self, c, key):
        asked = c.recv_bytes(256)[len(b'#CHALLENGE#'):]
        digest = self.digest or 'md5'
        c.send_bytes(self.prefix + digest_of(key, asked, digest))
        if c.recv_bytes(256) != b'#WELCOME#':
            raise AuthenticationError('digest sent was rejected')


class Own:
    """What this Python's module does."""
    name = 'python %d.%d' % sys.version_info[:2]
    deliver = staticmethod(connection.deliver_challenge)
    answer = staticmethod(connection.answer_challenge)


HANDSHAKES = [Own(), Handshake(), *map(Handshake, DIGESTS)]


def peer(*arguments):
    return subprocess.Popen([PEER, *arguments], stdout=subprocess.PIPE,
                            universal_newlines=True)  # 3.6 has no text=


def line(program):
    return program.stdout.readline().rstrip('\n')


def read_address(program):
    host, colon, port = line(program).partition(':')
    return (host, int(port)) if colon else host


def call(address, handshake, key):
    """As Client() does."""
    c = connection.Client(address)
    handshake.answer(c, key)
    handshake.deliver(c, key)
    return c


def python_calls(handshake, family, key=KEY):
    """Ours listens: turns a wrong key away, and serves the next client."""
    with peer('listener', family, '2', key) as program:
        address = read_address(program)
        try:
            call(address, handshake, b'another')
            return 'a wrong key is let in'
        except AuthenticationError as error:
            if str(error) != 'digest sent was rejected':
                return error
        if line(program) != 'digest received was wrong':
            return 'peer says something else'
        with call(address, handshake, key.encode()) as c:
            for size in SIZES:
                message = os.urandom(size)
                c.send_bytes(message)
                if c.recv_bytes() != message:
                    return f'{size} bytes come back changed'
        said = line(program)
        return None if said == 'echoed' else said


def python_listens(handshake, family, key=KEY):
    """The same with the roles changed."""
    address = ('127.0.0.1', 0) if family == 'host' else None
    with connection.Listener(address) as listener:
        at = listener.address
        at = at if isinstance(at, str) else '%s:%d' % at
        with peer('client', at, 'another') as program, listener.accept() as c:
            try:
                handshake.deliver(c, key.encode())
                return 'a wrong key is let in'
            except AuthenticationError as error:
                if str(error) != 'digest received was wrong':
                    return error
            said = line(program)
            if said != 'digest sent was rejected':
                return said
        with peer('client', at, key) as program, listener.accept() as c:
            handshake.deliver(c, key.encode())
            handshake.answer(c, key.encode())
            for size in SIZES:
                message = c.recv_bytes()
                if len(message) != size:
                    return f'{len(message)} bytes in place of {size}'
                c.send_bytes(message)
            said = line(program)
            return None if said == 'all came back' else said


def main():
    failed = 0
    tests = list(itertools.product([python_calls, python_listens], HANDSHAKES,
                                   ['host', 'path'], [KEY, '']))
    print(f'1..{len(tests)}')
    for number, (test, handshake, family, key) in enumerate(tests, 1):
        problem = test(handshake, family, key)
        empty = '' if key else ', with an empty key'
        print(f'{"not ok" if problem else "ok"} {number} - {test.__name__}, '
              f'{handshake.name}, by {family}{empty}', flush=True)
        if problem:
            print(f'# {problem}', flush=True)
            failed = 1
    return failed


sys.exit(main())
