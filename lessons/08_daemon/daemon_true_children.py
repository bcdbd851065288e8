import argparse
from multiprocessing import Process, set_start_method


def grandchild():
    print('this is never printed')


def daemonic():
    p = Process(target=grandchild)
    try:
        p.start()
    except AssertionError as error:
        print(error)


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    set_start_method('fork')
    p = Process(target=daemonic, daemon=True)
    p.start()
    p.join()
