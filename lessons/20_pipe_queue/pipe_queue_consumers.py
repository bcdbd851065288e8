import argparse
import time
from multiprocessing import (JoinableQueue, Process, current_process,
                             set_start_method)

ITEMS = 10


def consumer(queue, seconds):
    name = current_process().name
    while True:
        item = queue.get()
        if item is None:
            break
        print(f'{name} got {item}', flush=True)
        time.sleep(seconds)
        queue.task_done()
    print(f'{name}: no more')


def number(text):
    value = float(text)
    if not 0 <= value <= 1e9:
        raise ValueError
    return value


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('seconds', type=number, nargs='?', default=0.1)
    seconds = parser.parse_args().seconds
    set_start_method('fork')

    queue = JoinableQueue(3)
    p = []
    for i in range(2):
        p.append(Process(target=consumer, args=(queue, seconds)))
        p[i].start()
    for item in range(1, ITEMS + 1):
        queue.put(item)
    queue.join()
    print('all are done', flush=True)
    for i in range(2):
        queue.put(None)
    for i in range(2):
        p[i].join()
