import argparse
import signal
import time
from multiprocessing import Process, set_start_method


def show(after, p):
    print(f'after {after}: alive {p.is_alive()}')


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    set_start_method('fork')

    p = Process(target=time.sleep, args=(60,))
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    p.start()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)

    p.terminate()
    p.join(0.5)
    show('terminate', p)
    p.kill()
    p.join()
    show('kill', p)
    print(f'exitcode {p.exitcode}')
    p.close()
