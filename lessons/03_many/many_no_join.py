import argparse
import time
from multiprocessing import Process, set_start_method


def f(name, seconds):
    print('hello', name, time.ctime())
    time.sleep(seconds)


def number(text):
    value = float(text)
    if not 0 <= value <= 1e9:
        raise ValueError
    return value


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('seconds', type=number, nargs='?', default=1)
    seconds = parser.parse_args().seconds
    set_start_method('fork')

    p_list = []
    for i in range(3):
        p = Process(target=f, args=('alvin:%s' % i, seconds))
        p_list.append(p)
        p.start()
    print('end')
