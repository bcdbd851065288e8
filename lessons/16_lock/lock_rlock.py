import argparse
from multiprocessing import Lock, Process, RLock, Value, set_start_method


def deposit(rlock, balance, amount):
    with rlock:
        balance.value += amount


def deposit_two(rlock, lock, balance):
    with rlock:
        deposit(rlock, balance, 70)
        deposit(rlock, balance, 30)


def release_both(rlock, lock, balance):
    try:
        rlock.release()
    except AssertionError as error:
        print(f'RLock, in a child: {error}')
    lock.release()
    print('Lock, in a child: released')


def run(target, rlock, lock, balance):
    p = Process(target=target, args=(rlock, lock, balance))
    p.start()
    p.join()


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    set_start_method('fork')

    rlock = RLock()
    lock = Lock()
    balance = Value('i', 0)
    run(deposit_two, rlock, lock, balance)
    print(f'balance {balance.value}')

    rlock.acquire()
    lock.acquire()
    if not lock.acquire(timeout=0.1):
        print('Lock, taken again: not within 0.1 s')
    run(release_both, rlock, lock, balance)
    rlock.release()
