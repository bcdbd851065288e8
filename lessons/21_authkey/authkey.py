import argparse
from multiprocessing import AuthenticationError, Process, set_start_method
from multiprocessing.connection import Client, Listener


def listen(listener):
    try:
        while True:
            with listener.accept() as c:
                c.send_bytes(b'welcome')
                text = c.recv_bytes()
                print(f'listener: received {text.decode()}', flush=True)
    except AuthenticationError as error:
        print(f'listener: {error}', flush=True)


def call(address, key):
    try:
        with Client(address, authkey=key) as c:
            text = c.recv_bytes()
            print(f'client: received {text.decode()}', flush=True)
            c.send_bytes(text)
    except AuthenticationError as error:
        print(f'client: {error}', flush=True)


def show(sender, message):
    text = ''.join(chr(b) if 32 < b < 127 else '.' for b in message[:30])
    print(' ' * 36 * sender + f'{len(message):2} {text}', flush=True)


def visit(key, middle, path):
    client = Process(target=call, args=(middle.address, key))
    client.start()
    to_client = middle.accept()
    with Client(path) as to_listener, to_client:
        ends, sender = [to_listener, to_client], 0
        try:
            while True:
                message = ends[sender].recv_bytes()
                show(sender, message)
                sender = 1 - sender
                ends[sender].send_bytes(message)
        except EOFError:
            pass
    client.join()


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    set_start_method('fork')
    with Listener(authkey=b'secret') as listener, Listener() as middle:
        p = Process(target=listen, args=(listener,))
        p.start()
        print("the listener's bytes".ljust(36) + "the client's bytes", flush=True)
        visit(b'secret', middle, listener.address)
        visit(b'guessed', middle, listener.address)
        p.join()
