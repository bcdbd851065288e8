import argparse
import sys
import time
from multiprocessing import Process, set_start_method


def show(state, p):
    print(f'{state}: exitcode {p.exitcode}, alive {p.is_alive()}')


def end_with(status):
    p = Process(target=sys.exit, args=(status,))
    show('constructed', p)
    p.start()
    p.join()
    show('ended', p)
    p.close()


def be_ended(by, how):
    p = Process(target=time.sleep, args=(60,))
    p.start()
    p.join(0.05)
    show('running', p)
    try:
        p.close()
    except ValueError as error:
        print('close:', error)
    by(p)
    p.join()
    show(how, p)
    p.close()
    try:
        p.is_alive()
    except ValueError as error:
        print('closed:', error)


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    set_start_method('fork')
    end_with(0)
    end_with(3)
    be_ended(Process.terminate, 'terminated')
    be_ended(Process.kill, 'killed')
