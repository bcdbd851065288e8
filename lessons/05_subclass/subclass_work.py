import argparse
import multiprocessing
import random
import time


class MyProcess(multiprocessing.Process):
    def __init__(self, name, unit):
        super().__init__()
        self.name = name
        self.unit = unit

    def run(self):
        sleep_time = random.randint(1, 6) * self.unit
        print(f"{self.name} is starting")
        print(f"{self.name} is sleeping {sleep_time:g} s")
        time.sleep(sleep_time)
        print(f"{self.name} is ending")


def main_class(unit):
    process_one = MyProcess(name='work_1', unit=unit)
    process_two = MyProcess(name='work_2', unit=unit)

    process_one.start()
    process_two.start()


def number(text):
    value = float(text)
    if not 0 <= value <= 1e9:
        raise ValueError
    return value


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('unit', type=number, nargs='?', default=1)
    unit = parser.parse_args().unit
    multiprocessing.set_start_method('fork')
    main_class(unit)
