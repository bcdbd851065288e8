import argparse
import time
from multiprocessing import Pool, set_start_method


def func(num):
    return num**2


def since(start):
    return (time.perf_counter() - start) * 1e6


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    set_start_method('fork')

    lst = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    start = time.perf_counter()
    results = [func(item) for item in lst]
    loop = since(start)

    start = time.perf_counter()
    pool = Pool(4)
    results = pool.map(func, lst)
    making = since(start)

    start = time.perf_counter()
    results = pool.map(func, lst)
    map_took = since(start)

    print(f'the loop took {loop:.2f} us')
    print(f'the map took {map_took:.2f} us')
    print(f'the pool and a first map took {making:.2f} us')
    print('faster: the', 'loop' if loop < map_took else 'map')
    pool.close()
    pool.join()
