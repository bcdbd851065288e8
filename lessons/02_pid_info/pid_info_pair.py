import argparse
import os
import time
from multiprocessing import Process, set_start_method


def info(name, seconds):
    print('name:', name)
    print('parent process:', os.getppid())
    print('process id:', os.getpid())
    print('------------------')
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

    info('main process line', seconds)

    p1 = Process(target=info, args=('alvin', seconds))
    p2 = Process(target=info, args=('egon', seconds))
    p1.start()
    p2.start()

    p1.join()
    p2.join()

    print('ending')
