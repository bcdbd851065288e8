"""The Python original of bench/sum.c."""

# The start method is named, because the default differs between versions of
# Python, and the C program forks.
import multiprocessing

from serve import serve

Process = multiprocessing.get_context('fork').Process


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


if __name__ == '__main__':
    serve({'one': one, 'three': three})
