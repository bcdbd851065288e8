import argparse
import multiprocessing
import random
import time


def work(name, unit):
    sleep_time = random.randint(1, 6) * unit
    print(f"{name} is starting")
    print(f"{name} is sleeping {sleep_time:g} s")
    time.sleep(sleep_time)
    print(f"{name} is ending")


def main_object(unit):
    task_list = []
    for i in range(5):
        task = multiprocessing.Process(
            target=work,
            args=(f"work_{i}", unit)
        )
        task.start()
        task_list.append(task)
    for task in task_list:
        task.join()


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

    start_time = time.monotonic()
    print("the main process begins :>>>>")
    main_object(unit)
    print("the main process ends :>>>>")
    print(f'total time: {time.monotonic() - start_time:.3f} s')
