import argparse
import random
import time
from multiprocessing import Process, set_start_method


def work(name, unit):
    sleep_time = random.randint(1, 6) * unit
    print(f"{name} is starting")
    print(f"{name} is sleeping {sleep_time:g} s")
    time.sleep(sleep_time)
    print(f"{name} is ending")


def main_object(unit):
    process_one = Process(
        target=work,
        args=("work_1", unit)
    )
    process_two = Process(
        target=work,
        kwargs={'name': 'work_2', 'unit': unit}
    )
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
    set_start_method('fork')
    main_object(unit)
