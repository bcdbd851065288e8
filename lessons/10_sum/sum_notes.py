import argparse
import time
from multiprocessing import Process, set_start_method


def sum(n):
    add = 0
    for i in range(0, n):
        add += i
    print('0-%d, add is %d' % (n, add))


def in_turn(n):
    sum(n)
    sum(n)
    sum(n)


def in_processes(n):
    p_obj = []
    for i in range(0, 3):
        p = Process(target=sum, args=(n, ))
        p.start()
        p_obj.append(p)

    for obj in p_obj:
        obj.join()


def total_time(way, n):
    start_time = time.monotonic() * 1000
    way(n)
    end_time = time.monotonic() * 1000
    return end_time - start_time


def faster(one, three):
    if one < three * 0.9:
        return 'one process'
    return 'three processes' if three < one * 0.9 else 'neither'


def number(text):
    value = float(text)
    if not 0 <= value <= 1e9:
        raise ValueError
    return int(value)


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('n', type=number, nargs='?', default=500000)
    n = parser.parse_args().n
    set_start_method('fork')

    for more in n, n * 10:
        one = total_time(in_turn, more)
        print("sum total_time %.2f" % one)
        three = total_time(in_processes, more)
        print("multiprocessing sum total_time %.2f" % three)
        print('faster:', faster(one, three))
