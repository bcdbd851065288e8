import argparse
import multiprocessing
import time


def worker(ti):
    n = 6
    while n > 0:
        print("time is {0}".format(time.ctime()))
        time.sleep(ti)
        n -= 1


def number(text):
    value = float(text)
    if not 0 <= value <= 1e9:
        raise ValueError
    return value


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument('seconds', type=number, nargs='?', default=0.5)
    ti = parser.parse_args().seconds
    multiprocessing.set_start_method('fork')

    print("the number of cpu is {0}".format(multiprocessing.cpu_count()))
    p = multiprocessing.Process(target=worker, args=(ti,))
    p.start()
    print("pid is {0}".format(p.pid))
    print("name is {0}".format(p.name))
    print("isalive is {0}".format(p.is_alive()))
