import argparse
from multiprocessing import Barrier, Lock, Process, Value, set_start_method


def count(lock, counter, both, n, with_lock):
    both.wait()
    for _ in range(n):
        if with_lock:
            with lock:
                counter.value += 1
        else:
            counter.value += 1


def count_by_two(n, with_lock):
    lock = Lock()
    counter = Value('q', 0)
    both = Barrier(2)
    p = []
    for i in range(2):
        p.append(Process(target=count,
                         args=(lock, counter, both, n, with_lock)))
        p[i].start()
    for i in range(2):
        p[i].join()
    print(f'{"with" if with_lock else "without"} a lock: expected {2 * n}, '
          f'counted {counter.value}, lost {2 * n - counter.value}')


def number(text):
    value = float(text)
    if not 0 <= value <= 1e9:
        raise ValueError
    return int(value)


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('n', type=number, nargs='?', default=100000)
    n = parser.parse_args().n
    set_start_method('fork')
    count_by_two(n, False)
    count_by_two(n, True)
