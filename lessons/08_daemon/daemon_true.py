import argparse
import multiprocessing
import time


def worker(ti):
    print("start time is {0}".format(time.ctime()))
    time.sleep(ti)
    print("end time is {0}".format(time.ctime()))


def number(text):
    value = float(text)
    if not 0 <= value <= 1e9:
        raise ValueError
    return value


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument('seconds', type=number, nargs='?', default=3)
    ti = parser.parse_args().seconds
    multiprocessing.set_start_method('fork')

    print("the number of cpu is {0}".format(multiprocessing.cpu_count()))
    p = multiprocessing.Process(target=worker, args=(ti,))
    p.daemon = True
    p.start()
    print("end!!!")
