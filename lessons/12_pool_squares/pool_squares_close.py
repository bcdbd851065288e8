import argparse
from multiprocessing import Pool, set_start_method


def func(num):
    return num**2


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    set_start_method('fork')

    pool = Pool(4)
    result = pool.apply_async(func, (7, ))
    try:
        pool.join()
    except ValueError as error:
        print('join before close:', error)
    pool.close()
    try:
        pool.apply_async(func, (8, ))
    except ValueError as error:
        print('a task after close:', error)
    pool.join()
    print('the task before close:', result.get())
