import argparse
import multiprocessing
import os
import sys
import threading
import time
from multiprocessing import Pool, set_start_method


def func(num):
    return num**2


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    set_start_method('fork')

    pool = Pool(4)
    print(pool.apply(func, (2, )))
    time.sleep(0.5)  # all four are idle, and one of them has the lock

    active = multiprocessing.active_children()
    for p in active:
        p.kill()
        p.join()
    print(f'killed {len(active)} idle workers')

    try:
        print(pool.apply_async(func, (3, )).get(timeout=1))
    except multiprocessing.TimeoutError:
        print('nothing came within 1 s')

    thread = threading.Thread(target=pool.terminate, daemon=True)
    thread.start()
    thread.join(1)
    if thread.is_alive():
        print('terminate has not returned within 1 s')

    # What is left is for us to end. An ordinary end would wait, too.
    for p in multiprocessing.active_children():
        p.kill()
        p.join()
    sys.stdout.flush()
    os._exit(0)
