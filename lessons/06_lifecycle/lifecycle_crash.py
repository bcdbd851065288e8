import argparse
from multiprocessing import Process, set_start_method


def work(far):
    numbers = [0, 0, 0, 0]
    index = int(far * 10**9)
    numbers[index] = 1


def run(far, ask):
    p = Process(target=work, args=(far,))
    p.start()
    p.join()
    if ask:
        print(f'{p.name}: exit code {p.exitcode}')


def number(text):
    value = float(text)
    if not 0 <= value <= 1e9:
        raise ValueError
    return value


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('far', type=number, nargs='?', default=1)
    far = parser.parse_args().far
    set_start_method('fork')
    run(far, False)
    run(far, True)
