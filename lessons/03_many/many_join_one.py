import argparse
import time
from multiprocessing import Process, set_start_method


def f(seconds):
    time.sleep(seconds)


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    set_start_method('fork')

    p_list = []
    for i in range(3):
        p = Process(target=f, args=(0 if i == 0 else 60,))
        p_list.append(p)
        p.start()
    p_list[0].join()
    for p in p_list:
        print(f'{p.name} alive: {p.is_alive()}')
    for p in p_list[1:]:
        p.terminate()
    for p in p_list:
        p.join()
