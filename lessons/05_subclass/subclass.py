import argparse
import time
from multiprocessing import Process, set_start_method


class MyProcess(Process):

    def __init__(self, seconds):
        super(MyProcess, self).__init__()
        self.seconds = seconds

    def run(self):
        print('hello', self.name, time.ctime())
        time.sleep(self.seconds)


def number(text):
    value = float(text)
    if not 0 <= value <= 1e9:
        raise ValueError
    return value


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('seconds', type=number, nargs='?', default=1)
    seconds = parser.parse_args().seconds
    set_start_method('fork')

    p_list = []
    for i in range(3):
        p = MyProcess(seconds)
        p.start()
        p_list.append(p)

    for p in p_list:
        p.join()

    print('end')
