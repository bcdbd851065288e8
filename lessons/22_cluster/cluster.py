import argparse
import os
import queue
import socket
import time
from multiprocessing import Process, set_start_method
from multiprocessing.managers import BaseManager

RANKS = 4


def func(num, seconds):
    time.sleep(seconds)
    return num**2


class Manager(BaseManager):
    pass


# What each rank runs. On another machine it would register the names of both
# queues first, which fork has copied here, and be told the address and the key.
def work(rank, address, key):
    manager = Manager(address, key)
    manager.connect()
    tasks, results = manager.tasks(), manager.results()
    for index, num, seconds in iter(tasks.get, None):
        results.put((index, func(num, seconds), rank, socket.gethostname()))


def number(text):
    value = float(text)
    if not 0 <= value <= 1e9:
        raise ValueError
    return value


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('seconds', type=number, nargs='?', default=0.2)
    seconds = parser.parse_args().seconds
    set_start_method('fork')

    queues = {'tasks': queue.Queue(), 'results': queue.Queue()}
    for name in queues:
        Manager.register(name, callable=lambda name=name: queues[name])
    key = os.urandom(32)
    manager = Manager(('127.0.0.1', 0), key)  # '' instead: for other machines
    manager.start()
    tasks, results = manager.tasks(), manager.results()
    ranks = [Process(target=work, args=(i, manager.address, key))
             for i in range(RANKS)]
    for p in ranks:
        p.start()

    lst = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    for index, num in enumerate(lst):
        tasks.put((index, num, seconds))
    for p in ranks:
        tasks.put(None)
    squares, items = [None] * len(lst), [0] * RANKS
    hosts = [socket.gethostname()] * RANKS
    for _ in lst:
        index, square, rank, hosts[rank] = results.get()
        squares[index] = square
        items[rank] += 1
    print(squares)
    for rank in range(RANKS):
        print(f'{items[rank]} items by rank {rank} on {hosts[rank]}')
    for p in ranks:
        p.join()
    manager.shutdown()
