"""What the title of a question's picture must say: titles.py FILE.tsv

It is computed anew from the raw samples, by another way than bench/summary.c
goes: with Python's statistics, and without looking at any verdict. The samples
in tests/data have controls that are not off, so each title has its number.
"""

import itertools
import math
import statistics
import sys


def read(path):
    """The samples: (mode, n) -> {round: nanoseconds}."""
    samples = {}
    with open(path) as file:
        lines = [line.rstrip('\n') for line in file if line[0] != '#']
    for line in lines[1:]:
        number, mode, n, ns = line.split('\t')
        samples.setdefault((mode, int(n)), {})[int(number)] = int(ns)
    return samples


def ratios(samples, mode, baseline, n):
    ours, theirs = samples[mode, n], samples[baseline, n]
    return [ours[r] / theirs[r] for r in ours if r in theirs]


def sizes(samples, mode):
    return sorted(n for name, n in samples if name == mode)


def digits(number):
    """Three significant ones: 0.14 and 1.36 and 13.7 and 137."""
    return f'{number:.{max(0, 2 - max(0, math.floor(math.log10(number))))}f}'


def takes(samples, mode, baseline):
    n = max(sizes(samples, mode))
    ratio = statistics.median(ratios(samples, mode, baseline, n))
    return f'{mode} takes {digits(ratio)} times as long as {baseline}'


def memory(n):
    return f'{n} MiB' if n < 1024 else f'{n // 1024} GiB'


def grows(samples, mode, word):
    least, *_, most = sizes(samples, mode)
    factor = (statistics.median(samples[mode, most].values()) /
              statistics.median(samples[mode, least].values()))
    return (f'With {memory(most)}, {word} takes {digits(factor)} times '
            f'what it takes with {memory(least)}')


def tenth(times):
    return statistics.quantiles(times, n=10, method='inclusive')[0]


def breaks_even(samples, mode, baseline, wins):
    """By the line through the ratios near the last crossing: bench/fit.h."""
    points = [(1 / n, tenth(samples[mode, n].values()) /
               tenth(samples[baseline, n].values()))
              for n in sizes(samples, mode)]
    slow = max(i for i, (_, ratio) in enumerate(points) if ratio >= 1)
    about = 1 / math.sqrt(points[slow][0] * points[slow + 1][0])
    points = [(x, y) for x, y in points if 1 / 8 <= x * about <= 8]
    slope = statistics.median((b[1] - a[1]) / (b[0] - a[0])
                              for a, b in itertools.combinations(points, 2))
    height = statistics.median(y - slope * x for x, y in points)
    n = float(f'{slope / (1 - height):.1e}')
    return f'{wins} from n = {n / 1e6:.2g} million'


def shares(samples, mode, baseline):
    """The fewest that no larger number beats by more than a twentieth."""
    gains = {p: statistics.median(ratios(samples, baseline, mode, p))
             for p in sizes(samples, mode)}
    fewest = min(p for p in gains
                 if all(gains[q] <= gains[p] * 1.05 for q in gains if q > p))
    words = {2: 'Two', 3: 'Three', 4: 'Four'}
    return (f'{words[fewest]} {mode} make it {digits(gains[fewest])} times as '
            'fast; more add nothing')


def chunks(samples, mode, default):
    one, usual = samples[mode, 1], samples[mode, default]
    ratio = statistics.median(one[r] / usual[r] for r in one if r in usual)
    return (f"Chunksize 1 takes {digits(ratio)} times as long as Python's "
            f'default with {mode} tasks')


TITLES = {
    'start': lambda s: takes(s, 'mp start+join', 'fork+_exit+waitpid'),
    'methods': lambda s: takes(s, 'mp spawn', 'posix_spawn+waitpid'),
    'memory': lambda s: grows(s, 'mp fork', 'fork'),
    'apply': lambda s: takes(s, 'mp apply', 'futex ping-pong'),
    'speedup': lambda s: shares(s, 'processes', 'alone'),
    # 65536 items, and 4 times 2 workers.
    'chunksize': lambda s: chunks(s, '10 ns', 65536 // 8),
    'map': lambda s: takes(s, 'mp map, warm', 'OpenMP, warm'),
    'sum': lambda s: breaks_even(s, 'three processes', 'one process',
                                 'Three processes win'),
}

if __name__ == '__main__':
    name = sys.argv[1].rsplit('/', 1)[-1].split('.')[0]
    print(TITLES[name](read(sys.argv[1])))
