import argparse
import os
from multiprocessing import Process, set_start_method


def tell(what):
    print(f'{what}: in process {os.getpid()}')


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    set_start_method('fork')
    tell('main')
    p = Process(target=tell, args=('target',))
    p.run()

    print(f'authkey: {len(p.authkey)} bytes')

    p.name = 'alvin'
    p.daemon = True
    p.start()
    p.join()

    p.name = 'bob'
    print(f'name: {p.name}')
    try:
        p.daemon = False
    except AssertionError as error:
        print(f'daemon: {error}')
    try:
        p.start()
    except AssertionError as error:
        print(f'start: {error}')
