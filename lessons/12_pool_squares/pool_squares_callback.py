import argparse
import threading
from multiprocessing import Pool, set_start_method


def func(num):
    if num == 7:
        raise ValueError('7 is refused')
    return num**2


class Tally:
    squares = 0
    sum = 0
    errors = 0
    elsewhere = False

    def count_thread(self):
        if threading.current_thread() is not threading.main_thread():
            self.elsewhere = True

    def add(self, square):
        self.squares += 1
        self.sum += square
        self.count_thread()

    def report(self, error):
        print('error:', error)
        self.errors += 1
        self.count_thread()


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    set_start_method('fork')

    tally = Tally()
    pool = Pool(4)
    for num in range(1, 11):
        pool.apply_async(func, (num, ), callback=tally.add,
                         error_callback=tally.report)
    pool.close()
    pool.join()

    print(f'{tally.squares} squares, their sum is {tally.sum}; '
          f'{tally.errors} error')
    print('callbacks were called in',
          'another thread' if tally.elsewhere else 'the main thread')
