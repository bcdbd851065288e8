import argparse
import sys
from multiprocessing import Pool, TimeoutError, Value, set_start_method

table = {}


def make_table(numbers, status, workers):
    with workers.get_lock():
        workers.value += 1
    for num in range(1, numbers + 1):
        table[num] = num**2
    if status != 0:
        sys.exit(status)


def func(num):
    return table[num]


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    set_start_method('fork')

    lst = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    workers = Value('i', 0)
    pool = Pool(4, initializer=make_table, initargs=(10, 0, workers))
    squares = pool.map(func, lst)
    pool.close()
    pool.join()
    print(f'{workers.value} tables, sum {sum(squares)}')

    workers = Value('i', 0)
    pool = Pool(4, initializer=make_table, initargs=(10, 3, workers))
    answer = 'an answer'
    try:
        pool.apply_async(func, (1, )).get(timeout=0.5)
    except TimeoutError:
        answer = 'no answer after half a second'
    pool.terminate()
    pool.join()
    print(answer)
    print(f'{workers.get_obj().value} workers were started')
