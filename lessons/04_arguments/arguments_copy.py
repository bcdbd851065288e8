import argparse
from multiprocessing import Process, set_start_method

number = 1


def change():
    global number
    number = 2
    print('in the child the number is', number)


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    set_start_method('fork')
    p = Process(target=change)
    p.start()
    p.join()
    print('in the parent the number is', number)
