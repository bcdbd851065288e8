"""The Python original of bench/apply.c: one task of a pool, there and back."""

# The start method is named, because the default differs between versions of
# Python, and the C program forks.
import multiprocessing
import time

from serve import serve

pools = {}


def square(x):
    return x * x


def apply(workers, n):
    """The mean over n tasks, one after the other, in nanoseconds."""
    if workers not in pools:
        pools[workers] = multiprocessing.get_context('fork').Pool(workers)
        pools[workers].apply(square, (1,))
    pool = pools[workers]
    # Each takes so long that few of them do.
    count = max(1, n // 10)
    begin = time.perf_counter_ns()
    for i in range(count):
        assert pool.apply(square, (i,)) == i * i
    return (time.perf_counter_ns() - begin) // count


if __name__ == '__main__':
    serve({'few': lambda n: apply(2, n), 'many': lambda n: apply(64, n)})
    for pool in pools.values():
        pool.terminate()
        pool.join()
