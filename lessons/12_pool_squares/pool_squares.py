import argparse
from multiprocessing import Pool, set_start_method


def func(num):
    return num**2


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    set_start_method('fork')

    lst = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    pool = Pool(4)
    results = []

    for item in lst:
        results.append(pool.apply_async(func, (item, )))

    pool.close()
    pool.join()

    print(type(results[0]))
    for res in results:
        print(res.get())
