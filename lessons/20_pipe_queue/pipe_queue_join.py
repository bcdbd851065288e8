import argparse
from multiprocessing import Process, Queue, current_process, set_start_method

SIZE = 1 << 20


def put(queue):
    name = current_process().name
    for number in range(1, 3):
        queue.put((name, number, bytes(SIZE)))


def get(queue):
    name, number, _ = queue.get()
    print(f'{name}: item {number}')


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    set_start_method('fork')

    queue = Queue()
    p = []
    for i in range(2):
        p.append(Process(target=put, args=(queue, )))
        p[i].start()
    for i in range(2):
        p[i].join(1)
        print(f'{p[i].name}: alive {p[i].is_alive()}')
    for i in range(4):
        get(queue)
    for i in range(2):
        p[i].join()
        print(f'{p[i].name}: exit code {p[i].exitcode}')
