"""The Python side of all questions: it is asked for measurements (peer.h).

A question is a line "start fork 20": the name of a function below, and its
arguments, of which the last is n. The answer is a number of nanoseconds. The
start method is always named, since the default differs between versions of
Python.
"""

import builtins
import multiprocessing
import threading
import time

fork = multiprocessing.get_context('fork')


def timed(work, *args):
    begin = time.perf_counter_ns()
    work(*args)
    return time.perf_counter_ns() - begin


def mean(work, n):
    return timed(lambda: [work() for i in range(n)]) // n


# ---- start, methods ---------------------------------------------------------

def nothing():
    pass


def start_join(context):
    p = context.Process(target=nothing)
    p.start()
    p.join()
    assert p.exitcode == 0
    p.close()


def start(method, n):
    """What takes long is done less often."""
    count = max(1, n // {'fork': 1, 'spawn': 20, 'forkserver': 5}[method])
    context = multiprocessing.get_context(method)
    return mean(lambda: start_join(context), count)


# ---- apply, map, chunksize --------------------------------------------------

pools = {}
items = []


def square(x):
    return x * x


def pool_of(workers):
    if workers not in pools:
        pools[workers] = fork.Pool(workers)
    return pools[workers]


def pin(cpu):
    """This process with all its threads, which a pool has."""
    for thread in os.listdir('/proc/self/task'):
        os.sched_setaffinity(int(thread), [cpu])


def apply(workers, count, n):
    """The workers are on the last CPU."""
    pin(cpus[-1])
    pool = pool_of(workers)
    pin(cpus[-count])
    assert pool.apply(square, (3,)) == 9
    return mean(lambda: pool.apply(square, (3,)), max(1, n // 10))


def map(n):
    global items
    pool = pool_of(2)
    if len(items) != n:
        items = list(range(n))
    return timed(pool.map, square, items)


def chunk(n):
    """A map of 128 numbers, with chunksize n."""
    return timed(pool_of(2).map, square, range(128), n)


# ---- sum, speedup -----------------------------------------------------------

WORK = 600000  # of speedup


def sum(begin, end):
    add = 0
    for i in range(begin, end):
        add += i
    assert add == (end * (end - 1) - begin * (begin - 1)) // 2


def add_by(kind, parts):
    p_obj = []
    for part in parts:
        p = kind(target=sum, args=part)
        p.start()
        p_obj.append(p)
    for p in p_obj:
        p.join()
        assert getattr(p, 'exitcode', 0) == 0


def sum_alone(n):
    return timed(lambda: [sum(0, n) for i in range(3)])


def sum_processes(n):
    return timed(add_by, fork.Process, [(0, n)] * 3)


def sum_threads(n):
    """In a process of their own, as the C program's."""
    reader, writer = fork.Pipe(False)
    p = fork.Process(target=lambda: writer.send(
        timed(add_by, threading.Thread, [(0, n)] * 3)))
    p.start()
    ns = reader.recv()
    p.join()
    return ns


def alone(p):
    return timed(sum, 0, WORK)


def share(p):
    return timed(add_by, fork.Process,
                 [(WORK * i // p, WORK * (i + 1) // p) for i in range(p)])


# ---- lock -------------------------------------------------------------------

def lock(count, processes):
    """How long until all together have done it 1000 times more."""
    the_lock, done = fork.Lock(), fork.RawArray('q', processes)

    def acquire_release(i):
        pin(cpus[-1 - i % count])
        while True:
            for _ in range(100):
                the_lock.acquire()
                the_lock.release()
            done[i] += 100

    p_obj = [fork.Process(target=acquire_release, args=(i,), daemon=True)
             for i in range(processes)]
    for p in p_obj:
        p.start()
    while 0 in done:
        time.sleep(0.001)
    before = builtins.sum(done)
    ns = timed(time.sleep, 0.002 * processes)
    more = builtins.sum(done) - before
    for p in p_obj:
        p.kill()
        p.join()
    return ns * 1000 // (more + 1)


# ---- queue ------------------------------------------------------------------

def messages(there, back, by_turns, count, n):
    """As in bench/queue.c, with fewer items. A way is a pair (put, get)."""
    items = min(200 if by_turns else 1000, 2 ** 23 // n)
    item = bytes(n)

    def be_child():
        pin(cpus[-1])
        for i in range(items + 1):
            if by_turns or i <= 1:
                back[1]()
            there[0](item)

    p = fork.Process(target=be_child, daemon=True)
    p.start()
    pin(cpus[-count])
    for i in range(items + 1):
        if i == 1:
            begin = time.perf_counter_ns()
        if by_turns or i <= 1:
            back[0](item)
        assert len(there[1]()) == n
    ns = time.perf_counter_ns() - begin
    p.join()
    return ns // items


def pipe():
    reader, writer = fork.Pipe(False)
    return writer.send_bytes, reader.recv_bytes


def queue(count, n):
    q = fork.Queue(1000)
    return messages((q.put, q.get), pipe(), False, count, n)


def pipes(count, n):
    return messages(pipe(), pipe(), True, count, n)


# ---- the questions ----------------------------------------------------------

# Children of spawn and forkserver import this file, and go no further.
if __name__ == '__main__':
    import os
    import platform
    import signal
    import sys

    # The C program's end is ours; there is nothing to say about it.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    cpus = sorted(os.sched_getaffinity(0))
    print(platform.python_implementation(), platform.python_version(),
          flush=True)
    for line in sys.stdin:
        name, *args = line.split()
        print(globals()[name](*[int(a) if a.isdigit() else a for a in args]),
              flush=True)
    for pool in pools.values():
        pool.terminate()
        pool.join()
