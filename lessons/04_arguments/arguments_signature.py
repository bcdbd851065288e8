import argparse
from multiprocessing import Process, current_process, set_start_method


def work(name, number):
    me = current_process()
    print(f'process {me.name}, daemon {me.daemon}: work({name}, {number})')


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    set_start_method('fork')

    p = Process(None, work, 'alvin', ('work_1',), {'number': 2}, daemon=True)
    p.start()
    p.join()

    p.name = 'egon'
    print(f'name is {p.name}')
    p.close()

    try:
        Process(group=1)
    except AssertionError as error:
        print(f'group: {error}')
    try:
        Process(None, work, 'alvin', ('work_1',), {'number': 2}, True)
    except TypeError:
        print('daemon by position: TypeError')
