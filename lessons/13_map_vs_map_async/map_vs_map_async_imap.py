import argparse
import time
from multiprocessing import Pool, set_start_method


def func(item):
    num, seconds = item
    time.sleep(seconds)
    if num == 7:
        raise ValueError('7 is refused')
    return num**2


class Numbers:
    def __init__(self, last, seconds):
        self.pulled = 0
        self.last = last
        self.seconds = seconds

    def __iter__(self):
        while self.pulled != self.last:
            self.pulled += 1
            yield self.pulled, self.seconds


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
    start = time.monotonic()
    squares = pool.imap(func, Numbers(10, seconds))
    while True:
        try:
            value = next(squares)
            print(f'{value} after {time.monotonic() - start:.3f} s')
        except ValueError as error:
            print(error)
        except StopIteration:
            break

    endless = Numbers(-1, 0)
    squares = pool.imap(func, endless)
    for i in range(3):
        print(next(squares))
    time.sleep(seconds)
    print(f'for 3 squares {endless.pulled} numbers were pulled')
    pool.terminate()
    pool.join()
