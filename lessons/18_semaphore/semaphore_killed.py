import argparse
import os
import signal
from multiprocessing import BoundedSemaphore, Process, set_start_method


def worker(semaphore):
    semaphore.acquire()
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    set_start_method('fork')

    semaphore = BoundedSemaphore(3)
    p = Process(target=worker, args=(semaphore, ))
    p.start()
    p.join()
    print(f'exit code {p.exitcode}, value {semaphore.get_value()}')

    semaphore.release()
    print(f'the parent releases, value {semaphore.get_value()}')
    try:
        semaphore.release()
    except ValueError as error:
        print(f'once more: {error}')
