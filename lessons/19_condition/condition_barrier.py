import argparse
from multiprocessing import Barrier, Process, current_process, set_start_method


def all_have_come():
    print('all have come', flush=True)


def worker(barrier):
    for round in (1, 2):
        print(f'round {round}: {current_process().name}', flush=True)
        barrier.wait()


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    set_start_method('fork')

    barrier = Barrier(3, all_have_come)
    p_list = []
    for _ in range(3):
        p = Process(target=worker, args=(barrier, ))
        p_list.append(p)
        p.start()
    for p in p_list:
        p.join()
