import argparse
from multiprocessing import Process, set_start_method


def work(index):
    numbers = [0, 0, 0, 0]
    numbers[index] = 1


def run(index, ask):
    p = Process(target=work, args=(index,))
    p.start()
    p.join()
    if ask:
        print(f'{p.name}: exit code {p.exitcode}')


def number(text):
    value = float(text)
    if not 0 <= value <= 1e9:
        raise ValueError
    return int(value)


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('index', type=number, nargs='?', default=10**9)
    index = parser.parse_args().index
    set_start_method('fork')
    run(index, False)
    run(index, True)
