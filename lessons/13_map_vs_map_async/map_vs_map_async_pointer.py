import argparse
import time
from multiprocessing import Pool, RawArray, set_start_method


def func(num):
    return num**2


def square_all(pool, where, numbers):
    start = time.monotonic()
    squares = pool.map(func, numbers)
    took = (time.monotonic() - start) * 1000
    print(f'{where}: sum {sum(squares)}, map took {took:.2f} ms')


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    set_start_method('fork')

    n = 100000
    pool = Pool(4)
    numbers = list(range(1, n + 1))
    square_all(pool, 'ordinary', numbers)
    square_all(pool, 'shared', RawArray('L', numbers))
    pool.close()
    pool.join()
