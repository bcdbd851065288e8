import argparse
import multiprocessing as mp
import sys


def square(squares, i):
    squares[i] = (i + 1) * (i + 1)


def three_squares():
    squares = mp.RawArray('i', 3)
    p = []
    for i in range(3):
        p.append(mp.Process(target=square, args=(squares, i)))
        p[i].start()
    for i in range(3):
        p[i].join()
    print('squares:', *squares)


def upper(text):
    letters = bytes(text[:5])
    text[:5] = letters.upper()
    sys.exit(len(letters))


def show(method, which, text):
    p = mp.get_context(method).Process(target=upper, args=(text,))
    p.start()
    p.join()
    print(f'{method}, {which}: exit code {p.exitcode}, '
          f'{bytes(text[:5]).decode()}')


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    mp.set_start_method('fork')
    three_squares()
    for method in 'fork', 'spawn', 'forkserver':
        show(method, 'ordinary', bytearray(b'hello'))
        shared = mp.RawArray('c', 6)
        shared.value = b'hello'
        show(method, 'shared', shared)
