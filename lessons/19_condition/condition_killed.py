import argparse
import os
import sys
import threading
from multiprocessing import (Condition, Process, RawValue, Semaphore,
                             current_process, set_start_method)


def consumer(changed, ready, items):
    with changed:
        ready.release()
        while items.value == 0:
            changed.wait()
        items.value -= 1
        print(f'{current_process().name} took one, {items.value} left')


def start_consumer(changed, ready, items):
    p = Process(target=consumer, args=(changed, ready, items))
    p.start()
    ready.acquire()
    with changed:  # it waits
        return p


def put(changed, items):
    with changed:
        items.value += 1
        changed.notify_all()
        print('notify_all returned', flush=True)


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    set_start_method('fork')

    changed, ready, items = Condition(), Semaphore(0), RawValue('i')
    first = start_consumer(changed, ready, items)
    second = start_consumer(changed, ready, items)
    first.kill()
    first.join()
    print('killed a consumer that waits')

    thread = threading.Thread(target=put, args=(changed, items), daemon=True)
    thread.start()
    thread.join(1)
    if thread.is_alive():
        print('notify_all has not returned within 1 s')

    # What is left is for us to end. An ordinary end would wait, too.
    second.kill()
    second.join()
    sys.stdout.flush()
    os._exit(0)
