"""The Python side of bench/speedup.c: one sum, alone or by p processes."""

# The start method is named, because the default differs between versions of
# Python, and the C program forks.
import multiprocessing
import os

from serve import serve

Process = multiprocessing.get_context('fork').Process
WORK = int(os.environ['SPEEDUP_WORK'])


def sum(begin, end):
    add = 0
    for i in range(begin, end):
        add += i
    assert add == (end * (end - 1) - begin * (begin - 1)) // 2


def alone(p):
    sum(0, WORK)


def processes(p):
    p_obj = []
    for i in range(0, p):
        args = (WORK * i // p, WORK * (i + 1) // p)
        obj = Process(target=sum, args=args)
        obj.start()
        p_obj.append(obj)

    for obj in p_obj:
        obj.join()
        assert obj.exitcode == 0


if __name__ == '__main__':
    serve({'alone': alone, 'processes': processes})
