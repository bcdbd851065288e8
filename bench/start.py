"""The Python original of bench/start.c: what one start and join costs."""

# The start method is named, because the default differs between versions of
# Python, and the C program forks.
import multiprocessing
import time

from serve import serve

Process = multiprocessing.get_context('fork').Process


def nothing():
    pass


def start_join(n):
    """The mean over n processes, one after the other, in nanoseconds."""
    begin = time.perf_counter_ns()
    for i in range(n):
        p = Process(target=nothing)
        p.start()
        p.join()
        assert p.exitcode == 0
        p.close()
    return (time.perf_counter_ns() - begin) // n


if __name__ == '__main__':
    serve({'start': start_join})
