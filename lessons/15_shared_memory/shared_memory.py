import argparse
import ctypes
from multiprocessing import Array, Process, Value, set_start_method

ordinary = 0.0


def write_num(num, arr):
    global ordinary
    print(f'the address is {ctypes.addressof(num.get_obj()):#x}')
    num.value = 3.1415927
    ordinary = 3.1415927


def negate_arr(num, arr):
    for i in range(len(arr)):
        arr[i] = -arr[i]


def run(target, num, arr):
    p = Process(target=target, args=(num, arr))
    p.start()
    p.join()


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    set_start_method('fork')

    num = Value('d', 0.0)
    arr = Array('i', range(10))
    run(write_num, num, arr)
    run(negate_arr, num, arr)

    print(f'the address is {ctypes.addressof(num.get_obj()):#x}')
    print(f'the parent sees {num.value:.7f} {arr[:]}')
    print(f'ordinary: the parent sees {ordinary:.7f}')
