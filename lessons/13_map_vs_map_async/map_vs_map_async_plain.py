import argparse
import multiprocessing
from multiprocessing import Pool, set_start_method


def func(num):
    return num**2


def close_and_join(pool):
    print(len(multiprocessing.active_children()), 'child processes work')
    pool.close()
    pool.join()


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    set_start_method('fork')

    lst = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    pool = Pool(4)
    results = pool.map(func, lst)
    close_and_join(pool)
    print(results)

    pool = Pool(4)
    results = pool.map_async(func, lst)
    close_and_join(pool)
    print(results.get())
