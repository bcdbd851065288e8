"""The Python original of bench/map.c: a map of squares, in two workers."""

# The start method is named, because the default differs between versions of
# Python, and the C program forks.
import multiprocessing
import time

from serve import serve


def square(x):
    return x * x


# Made at the first question, and again where there is another n.
pool = None
items = []


def map(n):
    """The time of one map, in nanoseconds."""
    global pool, items
    if pool is None:
        pool = multiprocessing.get_context('fork').Pool(2)
    if len(items) != n:
        items = list(range(n))
    begin = time.perf_counter_ns()
    squares = pool.map(square, items)
    took = time.perf_counter_ns() - begin
    assert len(squares) == n and squares[-1] == (n - 1) ** 2
    return took


if __name__ == '__main__':
    serve({'map': map})
    if pool is not None:
        pool.terminate()
        pool.join()
