import argparse
from multiprocessing import Array, Barrier, Lock, Process, set_start_method


def transfer(locks, balances, holding, from_, to, amount):
    locks[from_].acquire()
    holding.wait()
    locks[to].acquire()
    balances[from_] -= amount
    balances[to] += amount
    locks[to].release()
    locks[from_].release()


def number(text):
    value = float(text)
    if not 0 <= value <= 1e9:
        raise ValueError
    return value


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('seconds', type=number, nargs='?', default=0.5)
    seconds = parser.parse_args().seconds
    set_start_method('fork')

    locks = [Lock(), Lock()]
    balances = Array('i', [100, 100])
    holding = Barrier(3)
    p = []
    for i in range(2):
        p.append(Process(target=transfer,
                         args=(locks, balances, holding, i, 1 - i, 10)))
        p[i].start()
    holding.wait()
    for i in range(2):
        p[i].join(seconds)
        print(f'{p[i].name}: alive {p[i].is_alive()}')
    p[0].terminate()
    for i in range(2):
        p[i].join(seconds if i == 1 else None)
        if p[i].is_alive():
            print(f'{p[i].name}: still alive')
            p[i].terminate()
            p[i].join()
        print(f'{p[i].name}: exit code {p[i].exitcode}')
    print(f'balances {balances[0]}, {balances[1]}')
