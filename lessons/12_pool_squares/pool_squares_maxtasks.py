import argparse
import os
from multiprocessing import Pool, set_start_method


def func(num):
    return num**2, os.getpid()


last = None
workers = 0


def number_of(pid):
    global last, workers
    workers += pid != last
    last = pid
    return workers


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    set_start_method('fork')

    lst = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    pool = Pool(1, maxtasksperchild=3)
    answers = [pool.apply(func, (num, )) for num in lst]
    more = pool.map(func, lst, chunksize=5)
    pool.close()
    pool.join()

    for square, pid in answers:
        print(f'worker {number_of(pid)}: {square}')
    for square, pid in more[::5]:
        print(f'worker {number_of(pid)}: five squares')
