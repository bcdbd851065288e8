import argparse
import multiprocessing
import time


def worker1(ti):
    print("time is {0}".format(time.ctime()))
    time.sleep(ti)


def worker2(ti):
    print("time is {0}".format(time.ctime()))
    time.sleep(ti)


def worker3(ti):
    print("time is {0}".format(time.ctime()))
    time.sleep(ti)


def worker4(ti):
    print("time is {0}".format(time.ctime()))
    time.sleep(ti)


def number(text):
    value = float(text)
    if not 0 <= value <= 1e9:
        raise ValueError
    return value


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument('unit', type=number, nargs='?', default=1)
    unit = parser.parse_args().unit
    multiprocessing.set_start_method('fork')

    print("the number of cpu is {0}".format(multiprocessing.cpu_count()))
    p1 = multiprocessing.Process(target=worker1, args=(4 * unit,))
    p2 = multiprocessing.Process(target=worker2, args=(3 * unit,))
    p3 = multiprocessing.Process(target=worker3, args=(2 * unit,))
    p4 = multiprocessing.Process(target=worker4, args=(1 * unit,))
    p1.start()
    p2.start()
    p3.start()
    p4.start()
    for p in multiprocessing.active_children():
        print("name is {0}, id is {1}".format(p.name, p.pid))
