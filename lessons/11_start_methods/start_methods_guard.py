import argparse
import multiprocessing as mp
import os


def f():
    print('f runs, pid', os.getpid())


def run(method):
    print('---', method)
    p = mp.get_context(method).Process(target=f)
    p.start()
    p.join()
    p.close()


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments

print('above the guard, pid', os.getpid())

if __name__ == '__main__':
    print('below the guard, pid', os.getpid())
    run('fork')
    run('spawn')
