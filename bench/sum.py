"""The Python original of bench/sum.c."""

import multiprocessing
import threading
import time

from serve import serve

# The start method is named, because the default differs between versions of
# Python, and the C program forks.
context = multiprocessing.get_context('fork')
Process = context.Process


def sum(n):
    add = 0
    for i in range(0, n):
        add += i
    assert add == n * (n - 1) // 2


def one(n):
    sum(n)
    sum(n)
    sum(n)


def three(n):
    p_obj = []
    for i in range(0, 3):
        p = Process(target=sum, args=(n,))
        p.start()
        p_obj.append(p)

    for obj in p_obj:
        obj.join()
        assert obj.exitcode == 0


def by_threads(n):
    t_obj = []
    for i in range(0, 3):
        t = threading.Thread(target=sum, args=(n,))
        t.start()
        t_obj.append(t)

    for obj in t_obj:
        obj.join()


def measure_threads(n, writer):
    by_threads(n)
    begin = time.perf_counter_ns()
    by_threads(n)
    writer.send(time.perf_counter_ns() - begin)


def threads(n):
    """In a process of their own, as the C program's."""
    reader, writer = context.Pipe(False)
    p = Process(target=measure_threads, args=(n, writer))
    p.start()
    ns = reader.recv()
    p.join()
    assert p.exitcode == 0
    return ns


if __name__ == '__main__':
    serve({'one': one, 'three': three, 'threads': threads})
