import argparse
from multiprocessing import (Process, current_process, parent_process,
                             set_start_method)


def introduce():
    me = current_process()
    parent = parent_process()
    print(f"I am {me.name} with pid {me.pid}, ", end='')
    if parent is None:
        print("and nobody's child")
    else:
        print(f"child of {parent.name} with pid {parent.pid}")


def child(generations):
    introduce()
    if generations > 1:
        p = Process(target=child, args=(generations - 1,))
        p.start()
        p.join()


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    set_start_method('fork')
    child(3)
