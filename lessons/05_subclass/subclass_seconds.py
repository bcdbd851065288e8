import argparse
import os
import time
from multiprocessing import Process, set_start_method


class MyProcess(Process):

    def __init__(self, seconds):
        super(MyProcess, self).__init__()
        self.seconds = seconds

    def run(self):
        pid = os.getpid()
        ppid = os.getppid()
        print("parent pid: {ppid}, child pid: {pid}".format(ppid=ppid, pid=pid))
        time.sleep(self.seconds)


def number(text):
    value = float(text)
    if not 0 <= value <= 1e9:
        raise ValueError
    return value


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('seconds', type=number, nargs='?', default=3)
    seconds = parser.parse_args().seconds
    set_start_method('fork')

    pid = os.getpid()
    print("main pid: {pid}".format(pid=pid))
    p = MyProcess(seconds)
    p.start()
    p.join()
