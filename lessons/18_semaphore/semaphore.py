import argparse
import time
from multiprocessing import (Lock, Process, Semaphore, Value, current_process,
                             set_start_method)


def count(lock, inside, most, change, what):
    with lock:
        inside.value += change
        most.value = max(most.value, inside.value)
        print(f'{current_process().name} {what}, inside: {inside.value}',
              flush=True)


def worker(semaphore, lock, inside, most, seconds):
    with semaphore:
        count(lock, inside, most, 1, 'enters')
        time.sleep(seconds)
        count(lock, inside, most, -1, 'leaves')


def number(text):
    value = float(text)
    if not 0 <= value <= 1e9:
        raise ValueError
    return value


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('seconds', type=number, nargs='?', default=0.5)
    seconds = parser.parse_args().seconds
    set_start_method('fork')

    semaphore, lock = Semaphore(3), Lock()
    inside, most = Value('i', 0, lock=False), Value('i', 0, lock=False)
    p_list = []

    for _ in range(6):
        p = Process(target=worker, args=(semaphore, lock, inside, most, seconds))
        p_list.append(p)
        p.start()
    for p in p_list:
        p.join()
    print('most inside at once:', most.value)
