import argparse
import os
from multiprocessing import Process, set_start_method


def info(title):
    print(title)
    print('module name:', __name__)
    print('parent process:', os.getppid())
    print('process id:', os.getpid())


def f(name):
    info('function f')
    print('hello', name)


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    set_start_method('fork')
    info('main line')
    p = Process(target=f, args=('bob',))
    p.start()
    p.join()
