"""The Python original of bench/apply.c: one task of a pool, there and back."""

# The start method is named, because the default differs between versions of
# Python, and the C program forks.
import multiprocessing
import os
import time

from serve import serve

pools = {}
cpus = sorted(os.sched_getaffinity(0))


def square(x):
    return x * x


def pin(cpu):
    """This process with all its threads, which a pool has."""
    for thread in os.listdir('/proc/self/task'):
        os.sched_setaffinity(int(thread), [cpu])


def apply(workers, cpu, n):
    """The mean over n tasks, one after the other, in nanoseconds."""
    pin(cpus[-1])
    if workers not in pools:
        pools[workers] = multiprocessing.get_context('fork').Pool(workers)
    pin(cpu)
    pool = pools[workers]
    pool.apply(square, (1,))
    # Each takes so long that few of them do.
    count = max(1, n // 10)
    begin = time.perf_counter_ns()
    for i in range(count):
        assert pool.apply(square, (i,)) == i * i
    return (time.perf_counter_ns() - begin) // count


if __name__ == '__main__':
    serve({'few': lambda n: apply(2, cpus[-1], n),
           'many': lambda n: apply(64, cpus[-1], n),
           'few_apart': lambda n: apply(2, cpus[0], n)})
    for pool in pools.values():
        pool.terminate()
        pool.join()
