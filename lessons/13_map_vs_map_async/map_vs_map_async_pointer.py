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


def number(text):
    value = float(text)
    if not 0 <= value <= 1e9:
        raise ValueError
    return int(value)


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('n', type=number, nargs='?', default=100000)
    n = parser.parse_args().n
    set_start_method('fork')

    pool = Pool(4)
    numbers = list(range(1, n + 1))
    square_all(pool, 'ordinary', numbers)
    square_all(pool, 'shared', RawArray('L', numbers))
    pool.close()
    pool.join()
