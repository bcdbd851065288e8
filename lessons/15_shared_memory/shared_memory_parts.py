import argparse
import time
from multiprocessing import Array, Process, set_start_method

PARTS = 4


def is_prime(number):
    i = 2
    while i * i <= number:
        if number % i == 0:
            return False
        i += 1
    return number > 1


def find_primes(prime, begin, end):
    for i in range(begin, end):
        prime[i] = is_prime(i + 1)


def bound(n, i):
    return n * i // PARTS


def find_in_parts(prime, n):
    p = []
    for i in range(PARTS):
        p.append(Process(target=find_primes,
                         args=(prime, bound(n, i), bound(n, i + 1))))
        p[i].start()
    for i in range(PARTS):
        p[i].join()


def number(text):
    value = float(text)
    if not 0 <= value <= 1e9:
        raise ValueError
    return int(value)


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('n', type=number, nargs='?', default=1000000)
    n = parser.parse_args().n
    set_start_method('fork')

    prime = Array('b', n, lock=False)
    start = time.monotonic()
    find_in_parts(prime, n)
    took = time.monotonic() - start
    for i in range(PARTS):
        print(f'part {i}: {sum(prime[bound(n, i):bound(n, i + 1)])} primes')
    print(f'the children took {took:.3f} s')
