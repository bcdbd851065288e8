import argparse
import time
from multiprocessing import Process, RawArray, set_start_method
from threading import Thread


def sum(n, result, i):
    add = 0
    for j in range(0, n):
        add += j
    result[i] = add


def in_turn(n, result):
    sum(n, result, 0)
    sum(n, result, 1)
    sum(n, result, 2)


def side_by_side(kind, n, result):
    p_obj = []
    for i in range(0, 3):
        p = kind(target=sum, args=(n, result, i))
        p.start()
        p_obj.append(p)

    for obj in p_obj:
        obj.join()


def milliseconds(way, *args):
    best = float('inf')
    for _ in range(3):
        start_time = time.monotonic() * 1000
        way(*args)
        total_time = time.monotonic() * 1000 - start_time
        best = min(best, total_time)
    return best


def processes_win(n):
    result = RawArray('q', 3)
    turn = milliseconds(in_turn, n, result)
    threads = milliseconds(side_by_side, Thread, n, result)
    processes = milliseconds(side_by_side, Process, n, result)
    win = processes < turn * 0.9
    print('0-%d, add is %d' % (n, result[0]))
    print('sum %.2f ms, multiprocessing %.2f ms, threading %.2f ms'
          % (turn, processes, threads))
    print('processes', 'win' if win else 'do not win')
    return win


def number(text):
    value = float(text)
    if not 0 <= value <= 1e9:
        raise ValueError
    return int(value)


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('start', type=number, nargs='?', default=10000,
                        metavar='from')
    parser.add_argument('to', type=number, nargs='?', default=10**9)
    given = parser.parse_args()
    set_start_method('fork')

    n = given.start
    until = time.monotonic() + 1
    while n <= given.to and time.monotonic() < until:
        if processes_win(n):
            break
        n = n * 10 if n else 1
