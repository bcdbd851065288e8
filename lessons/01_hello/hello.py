import argparse
from multiprocessing import Process, set_start_method


def hello(name):
    print('hi', name)


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    set_start_method('fork')
    p = Process(target=hello, args=('python',))
    p.start()
    p.join()
