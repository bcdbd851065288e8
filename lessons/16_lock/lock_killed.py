import argparse
import os
import signal
from multiprocessing import Array, Lock, Process, set_start_method

FROM, TO = 0, 1


def transfer(lock, bank, amount):
    lock.acquire()
    bank[FROM] -= amount
    os.kill(os.getpid(), signal.SIGKILL)
    bank[TO] += amount
    lock.release()


def look(lock, bank):
    if not lock.acquire(timeout=1):
        print('the lock is still taken after 1 s')
        return
    print(f'from {bank[FROM]}, to {bank[TO]}')
    lock.release()


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    set_start_method('fork')

    lock = Lock()
    bank = Array('i', [100, 0])
    p = Process(target=transfer, args=(lock, bank, 30))
    p.start()
    p.join()
    print(f'exit code {p.exitcode}')

    look(lock, bank)
    look(lock, bank)
