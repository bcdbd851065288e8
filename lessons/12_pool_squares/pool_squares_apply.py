import argparse
import time
from multiprocessing import Pool, set_start_method


def func(num, seconds):
    time.sleep(seconds)
    return num**2


def one_by_one(pool, seconds):
    sum = 0
    start = time.monotonic()
    for num in range(1, 11):
        sum += pool.apply(func, (num, seconds))
    print(f'apply: sum {sum}, took {time.monotonic() - start:.3f} s')


def side_by_side(pool, seconds):
    results = []
    start = time.monotonic()
    for num in range(1, 11):
        results.append(pool.apply_async(func, (num, seconds)))
    queued = time.monotonic() - start
    sum = 0
    for res in results:
        sum += res.get()
    print(f'apply_async: sum {sum}, queued after {queued:.3f} s, '
          f'took {time.monotonic() - start:.3f} s')


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

    pool = Pool(4)
    one_by_one(pool, seconds)
    side_by_side(pool, seconds)
    pool.close()
    pool.join()
