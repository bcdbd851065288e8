import argparse
import os
import threading
import time
from multiprocessing import Process, set_start_method
from threading import Thread


def f(name, seconds):
    # One string for each line: two threads may print at the same time.
    print(f'hello {name}, pid {os.getpid()}, '
          f'thread {threading.get_native_id()}\n', end='')
    time.sleep(seconds)


def side_by_side(kind, name, seconds):
    p_list = []
    for i in range(3):
        p = kind(target=f, args=('%s:%s' % (name, i), seconds))
        p_list.append(p)
        p.start()
    for p in p_list:
        p.join()


def number(text):
    value = float(text)
    if not 0 <= value <= 1e9:
        raise ValueError
    return value


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('seconds', type=number, nargs='?', default=1)
    seconds = parser.parse_args().seconds
    set_start_method('fork')

    start = time.monotonic()
    side_by_side(Process, 'process', seconds)
    print(f'processes took {time.monotonic() - start:.3f} s')
    start = time.monotonic()
    side_by_side(Thread, 'thread', seconds)
    print(f'threads took {time.monotonic() - start:.3f} s')
