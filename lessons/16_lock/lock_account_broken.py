import argparse
from multiprocessing import Lock, Process, Value, set_start_method


def withdraw(lock, balance, amount):
    with lock:
        enough = balance.value >= amount
    if enough:
        with lock:
            balance.value -= amount


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()
    set_start_method('fork')
    lock = Lock()
    balance = Value('i', 100)
    p = []
    for i in range(2):
        p.append(Process(target=withdraw, args=(lock, balance, 60)))
        p[i].start()
    for i in range(2):
        p[i].join()
    print('the balance is', balance.value)
