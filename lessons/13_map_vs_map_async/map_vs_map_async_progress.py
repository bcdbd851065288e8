import argparse
import time
from multiprocessing import Pool, set_start_method

COUNT = 40


def func(item):
    num, seconds = item
    time.sleep(seconds)
    return num**2


def number(text):
    value = float(text)
    if not 0 <= value <= 1e9:
        raise ValueError
    return value


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('seconds', type=number, nargs='?', default=0.1)
    seconds = parser.parse_args().seconds
    set_start_method('fork')

    lst = [(i + 1, seconds) for i in range(COUNT)]
    pool = Pool(4)
    start = time.monotonic()
    results = pool.map_async(func, lst, chunksize=1)
    for part in 25, 50, 75, 100:
        while (COUNT - results._number_left) * 100 < part * COUNT:
            time.sleep(0.001)
        print(f'{part} % are over after {time.monotonic() - start:.3f} s')

    squares = results.get()
    print('the last square is', squares[COUNT - 1])
    pool.close()
    pool.join()
