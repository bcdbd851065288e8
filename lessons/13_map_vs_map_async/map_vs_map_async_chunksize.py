import argparse
import time
from multiprocessing import Pool, set_start_method

COUNT = 40


def func(item):
    num, seconds = item
    time.sleep(seconds)
    return num**2


def square_all(pool, name, lst, chunksize):
    start = time.monotonic()
    squares = pool.map(func, lst, chunksize=chunksize)
    took = time.monotonic() - start
    print(f'{name}: sum {sum(squares)}, map took {took:.3f} s')


def number(text):
    value = float(text)
    if not 0 <= value <= 1e9:
        raise ValueError
    return value


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('seconds', type=number, nargs='?', default=0.002)
    seconds = parser.parse_args().seconds
    set_start_method('fork')

    lst = [(i + 1, (i + 1) * seconds) for i in range(COUNT)]
    pool = Pool(4)
    square_all(pool, 'chunksize 1', lst, 1)
    square_all(pool, 'the default', lst, None)
    square_all(pool, 'all at once', lst, COUNT)
    pool.close()
    pool.join()
