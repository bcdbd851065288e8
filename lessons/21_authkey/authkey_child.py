import argparse
from multiprocessing import (AuthenticationError, Process, current_process,
                             set_start_method)
from multiprocessing.connection import Client, Listener


def hello(address):
    me = current_process()
    try:
        with Client(address, authkey=me.authkey) as connection:
            connection.send_bytes(b'hello')
    except AuthenticationError as error:
        print(f'{me.name}: {error}')


def accept_one(listener, p):
    p.start()
    try:
        with listener.accept() as connection:
            p.join()
            print(f'main: {connection.recv_bytes().decode()} from {p.name}')
    except AuthenticationError as error:
        p.join()
        print(f'main: {error}')


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    set_start_method('fork')
    key = current_process().authkey
    with Listener(authkey=key) as listener:
        child = Process(target=hello, args=(listener.address,))
        accept_one(listener, child)

        stranger = Process(target=hello, args=(listener.address,))
        stranger.authkey = b'another'
        accept_one(listener, stranger)
