import argparse
import time
from multiprocessing import Process, set_start_method
from threading import Thread


def sum(n):
    add = 0
    for i in range(0, n):
        add += i
    print('0-%d, add is %d' % (n, add))


def in_turn(n):
    sum(n)
    sum(n)
    sum(n)


def side_by_side(kind, n):
    p_obj = []
    for i in range(0, 3):
        p = kind(target=sum, args=(n, ))
        p.start()
        p_obj.append(p)

    for obj in p_obj:
        obj.join()


def milliseconds(name, way, *args):
    start_time = time.monotonic() * 1000
    way(*args)
    total_time = time.monotonic() * 1000 - start_time
    print("%ssum total_time %.2f" % (name, total_time))
    return total_time


def number(text):
    value = float(text)
    if not 0 <= value <= 1e9:
        raise ValueError
    return int(value)


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    for default in 100000, 1000000, 10000000:
        parser.add_argument('n%d' % default, type=number, nargs='?',
                            default=default, metavar='n')
    set_start_method('fork')
    for n in vars(parser.parse_args()).values():
        times = {
            'one after another': milliseconds('', in_turn, n),
            'processes': milliseconds('multiprocessing ', side_by_side,
                                      Process, n),
            'threads': milliseconds('threading ', side_by_side, Thread, n),
        }
        print('fastest:', min(times, key=times.get))
