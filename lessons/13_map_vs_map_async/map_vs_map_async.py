import argparse
import time
from functools import partial
from multiprocessing import Pool, set_start_method


def func(num, seconds):
    time.sleep(seconds)
    return num**2


def is_prime(number):
    i = 2
    while i * i <= number:
        if number % i == 0:
            return False
        i += 1
    return number > 1


def work_until_ready(results):
    primes = 0
    value = 0
    while not results.ready():
        value += 1
        primes += is_prime(value)
    print(f'meanwhile the parent found {primes} primes')


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

    lst = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    pool = Pool(4)

    start = time.monotonic()
    results = pool.map(partial(func, seconds=seconds), lst)
    print(f'map returned after {time.monotonic() - start:.3f} s')
    print(results)

    start = time.monotonic()
    results = pool.map_async(partial(func, seconds=seconds), lst)
    print(f'map_async returned after {time.monotonic() - start:.3f} s')
    work_until_ready(results)
    print(results.get())

    pool.close()
    pool.join()
