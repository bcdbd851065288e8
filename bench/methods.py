"""The Python original of bench/methods.c: one start and join, each way."""

import multiprocessing
import time


def nothing():
    pass


def start_join(method, n):
    """The mean over n processes, one after the other, in nanoseconds."""
    Process = multiprocessing.get_context(method).Process
    begin = time.perf_counter_ns()
    for i in range(n):
        p = Process(target=nothing)
        p.start()
        p.join()
        assert p.exitcode == 0
        p.close()
    return (time.perf_counter_ns() - begin) // n


def fork(n):
    return start_join('fork', n)


# These take so long that fewer of them do.
def spawn(n):
    return start_join('spawn', max(1, n // 20))


def forkserver(n):
    return start_join('forkserver', max(1, n // 5))


# The children of spawn and forkserver import this file as well. They need not
# pay for what only the measuring needs.
if __name__ == '__main__':
    from serve import serve
    serve({'fork': fork, 'spawn': spawn, 'forkserver': forkserver})
