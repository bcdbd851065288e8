import argparse
import multiprocessing as mp
import os
import threading

lock = threading.Lock()
held = threading.Event()
enough = threading.Event()


def hold():
    with lock:
        held.set()
        enough.wait()


def take_the_lock():
    taken = lock.acquire(timeout=1)
    print(f'{mp.current_process().name}:',
          'got the lock' if taken else 'waited in vain')


def run(method):
    p = mp.get_context(method).Process(target=take_the_lock)
    p.start()
    p.join()
    p.close()


# Python only warns, from 3.12 on. This refuses.
def run_unless_threads(method):
    p = mp.get_context(method).Process(target=take_the_lock)
    if threading.active_count() > 1:
        print(f'refused: This process (pid={os.getpid()}) is multi-threaded, '
              'use of fork() may lead to deadlocks in the child.')
        return
    p.start()
    p.join()
    p.close()


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    run('fork')
    run('spawn')
    run_unless_threads('fork')
    enough.set()
    thread.join()
    run_unless_threads('fork')
