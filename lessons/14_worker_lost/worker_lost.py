import argparse
import multiprocessing
import os
import signal
from multiprocessing import Pool, set_start_method


def func(num):
    if num == 7:
        os.kill(os.getpid(), signal.SIGKILL)
    return num**2


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    set_start_method('fork')

    lst = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    pool = Pool(4)
    results = []

    for item in lst:
        results.append(pool.apply_async(func, (item, )))

    # Printed at the end: a thread of the pool may fork another worker at any
    # moment, and that one has a copy of what waits in our buffer, and prints it.
    lines = []
    for item, res in zip(lst, results):
        try:
            lines.append(res.get(timeout=2))
        except multiprocessing.TimeoutError:
            lines.append(f'{item}: nothing came within 2 s')

    lines.append(pool.apply(func, (11, )))
    pool.terminate()
    pool.join()
    print(*lines, sep='\n')
