import argparse
from multiprocessing import (Condition, Process, RawArray, RawValue,
                             current_process, set_start_method)

PLACES, ITEMS = 3, 10


def put(changed, produced, consumed, places, item):
    with changed:
        while produced.value - consumed.value == PLACES:
            changed.wait()
        places[produced.value % PLACES] = item
        produced.value += 1
        print('produced', item, flush=True)
        changed.notify_all()


def take(changed, produced, consumed, places):
    with changed:
        while consumed.value == produced.value and consumed.value < ITEMS:
            changed.wait()
        more = consumed.value < ITEMS
        if more:
            item = places[consumed.value % PLACES]
            consumed.value += 1
            print('consumed', item, 'by', current_process().name, flush=True)
            changed.notify_all()
        return more


def consumer(changed, produced, consumed, places):
    while take(changed, produced, consumed, places):
        pass


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    set_start_method('fork')

    shelf = Condition(), RawValue('i'), RawValue('i'), RawArray('i', PLACES)
    p_list = []
    for _ in range(2):
        p = Process(target=consumer, args=shelf)
        p_list.append(p)
        p.start()
    for item in range(1, ITEMS + 1):
        put(*shelf, item)
    for p in p_list:
        p.join()
