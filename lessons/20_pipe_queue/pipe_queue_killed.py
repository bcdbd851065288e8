import argparse
import os
import queue as queue_module
import sys
import threading
import time
from multiprocessing import Process, Queue, set_start_method

HALF = 1 << 20


def put_half(queue):
    queue.put(bytes(2 * HALF))


def put(queue):
    queue.put('hello')


def show(p, queue):
    print(f'{p.name}: exit code {p.exitcode}, items {queue.qsize()}')


def get(queue):
    try:
        print('got', queue.get(timeout=1))
    except queue_module.Empty:
        print('Queue is empty')


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    set_start_method('fork')

    queue = Queue()
    first = Process(target=put_half, args=(queue, ))
    first.start()
    while queue.empty():
        time.sleep(0.01)
    first.kill()
    first.join()
    show(first, queue)

    second = Process(target=put, args=(queue, ))
    second.start()
    second.join(1)
    show(second, queue)
    thread = threading.Thread(target=get, args=(queue, ), daemon=True)
    thread.start()
    thread.join(2)
    if thread.is_alive():
        print('get has not returned within 2 s')

    # What is left is for us to end. An ordinary end would wait, too.
    second.kill()
    second.join()
    sys.stdout.flush()
    os._exit(0)
