import argparse
import fcntl
import multiprocessing as mp
import os
import time

value = 1  # the global
DESCRIPTOR = 100


def is_open(descriptor):
    try:
        fcntl.fcntl(descriptor, fcntl.F_GETFD)
    except OSError:
        return False
    return True


def look_around():
    print('name is', mp.current_process().name)
    print(f'pid is {os.getpid()}, parent pid is {os.getppid()}')
    print('started by', mp.parent_process().pid)
    print('the global is', value)
    print(f'descriptor {DESCRIPTOR} is',
          'open' if is_open(DESCRIPTOR) else 'closed')


def nothing():
    pass


def run(method, target):
    p = mp.get_context(method).Process(target=target)
    p.start()
    p.join()
    p.close()


def show(method):
    many = 3
    print('---', method)
    run(method, look_around)
    before = time.monotonic()
    for _ in range(many):
        run(method, nothing)
    took = (time.monotonic() - before) / many * 1000
    print(f'one start and join took {took:.2f} ms')


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    value = 2
    os.dup2(0, DESCRIPTOR)
    print('main pid is', os.getpid())
    show('fork')
    show('spawn')
    show('forkserver')
    os.close(DESCRIPTOR)
