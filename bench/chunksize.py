"""The Python original of bench/chunksize.c: a map of squares, in two workers."""

# The start method is named, because the default differs between versions of
# Python, and the C program forks.
import multiprocessing
import time

from serve import serve

# chunksize.c knows how many these are.
ITEMS = list(range(128))


def square(x):
    return x * x


# Made at the first question.
pool = None


def map(n):
    """The time of one map with this chunksize, in nanoseconds."""
    global pool
    if pool is None:
        pool = multiprocessing.get_context('fork').Pool(2)
    begin = time.perf_counter_ns()
    squares = pool.map(square, ITEMS, chunksize=n)
    took = time.perf_counter_ns() - begin
    assert squares == [x * x for x in ITEMS]
    return took


if __name__ == '__main__':
    serve({'map': map})
    if pool is not None:
        pool.terminate()
        pool.join()
