import argparse
import multiprocessing as mp
import threading
import warnings

lock = threading.Lock()
held = threading.Event()
enough = threading.Event()


def hold():
    with lock:
        held.set()
        enough.wait()


def take_the_lock():
    taken = lock.acquire(timeout=1)
    print(f'{mp.current_process().name}: threads {threading.active_count()},',
          'got the lock' if taken else 'waited in vain')


# Python 3.12 and later say this only if they are asked. Its first half has a
# pid, and is left out.
def run(method):
    p = mp.get_context(method).Process(target=take_the_lock)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter('always')
        p.start()
    for warning in caught:
        _, _, end = str(warning.message).partition(' multi-threaded, ')
        print(f'{warning.category.__name__}: {end}', flush=True)
    p.join()
    p.close()


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    print('main: threads', threading.active_count())
    run('fork')
    run('spawn')
    run('forkserver')
    enough.set()
    thread.join()
    run('fork')
