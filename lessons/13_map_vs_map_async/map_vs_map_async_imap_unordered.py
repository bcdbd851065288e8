import argparse
import time
from multiprocessing import Pool, set_start_method


def func(item):
    num, seconds = item
    time.sleep(seconds)
    return num**2


def print_all(name, squares):
    start = time.monotonic()
    for value in squares:
        print(f'{name}: {value} after {time.monotonic() - start:.3f} s')


def number(text):
    value = float(text)
    if not 0 <= value <= 1e9:
        raise ValueError
    return value


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('seconds', type=number, nargs='?', default=0.2)
    seconds = parser.parse_args().seconds
    set_start_method('fork')

    lst = [(i + 1, (4 - i) * seconds) for i in range(4)]
    pool = Pool(4)
    print_all('imap', pool.imap(func, lst))
    print_all('imap_unordered', pool.imap_unordered(func, lst))
    pool.close()
    pool.join()
