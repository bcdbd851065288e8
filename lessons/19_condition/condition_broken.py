import argparse
from multiprocessing import (Condition, Process, RawValue, Semaphore,
                             set_start_method)


def consumer(changed, ready, items):
    with changed:
        ready.release()
        if items.value == 0:  # wrong: it must be while
            changed.wait()
        items.value -= 1
        print(f'took one, {items.value} left', flush=True)


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    set_start_method('fork')

    changed, ready, items = Condition(), Semaphore(0), RawValue('i')
    p_list = []
    for _ in range(2):
        p = Process(target=consumer, args=(changed, ready, items))
        p_list.append(p)
        p.start()
    for _ in range(2):
        ready.acquire()

    with changed:
        items.value += 1
        print(f'put one, {items.value} on the shelf', flush=True)
        changed.notify_all()
    for p in p_list:
        p.join()
