"""Runs a program RUNS times, 200 if not given, and shows what varies: the order of
its lines, the numbers in them, and how long it took. It runs through a terminal, as
for a student, and one run after the other, since side by side they would disturb each
other. Pids and times count as equal, as in tests/expected.py."""

import collections
import os
import re
import string
import sys

import program

sys.path.append('tests')
from expected import PATTERNS, Expected, Run, has_terminals, match_line

MOST = 12  # orders that are shown one by one
METHOD = os.environ.get('MP_START_METHOD', 'fork')
RUNS = os.environ.get('RUNS') or '200'


def numbers(template, lines):
    """What stood in the lines in the place of each <number>, and varies."""
    pattern = re.escape(template).replace('<number>', f'({PATTERNS["number"]})')
    pattern = re.sub('<[^>]*>', '.+', pattern)
    matches = filter(None, (re.fullmatch(pattern, line) for line in lines))
    columns = zip(*(match.groups() for match in matches))
    return [list(map(float, column)) for column in columns if len(set(column)) > 1]


def spread(values):
    low, first, middle, third, high = (sorted(values)[(len(values) - 1) * i // 4]
                                       for i in range(5))
    return (f'{low:.10g} to {high:.10g}, half of them {first:.10g} to {third:.10g}, '
            f'median {middle:.10g}')


def many(one):
    if sys.stdin.isatty() and sys.stdout.isatty():
        print(f'{one.name} runs {RUNS} times. In how many orders will its lines come? ',
              end='', flush=True)
        expectation = f'You expected: {sys.stdin.readline()}'
    else:
        expectation = ''
    terminal, runs = has_terminals(), []
    for i in range(int(RUNS)):
        runs.append(Run(one.command, terminal, METHOD))
        if sys.stderr.isatty():
            print(f'{i + 1} of {RUNS}', end='\r', file=sys.stderr, flush=True)
    show(one, runs)
    print(expectation, end='')


def summed_up(one, runs):
    """The lines and the letters that stand for them, how often which order of them
    came, and for each number that varies: the letter of its line, and its values."""
    templates = Expected(one.stem.with_suffix('.expected'), METHOD).templates()

    def masked(line):
        for template in templates:
            if match_line(template, line, {}) is not None:
                return template
        return re.sub(PATTERNS['number'], '<number>', line)  # of other arguments

    printed = [line for run in runs for line in run.output.splitlines()]
    seen = dict.fromkeys(map(masked, printed))
    lines = dict.fromkeys([*(line for line in templates if line in seen), *seen])
    names = dict(zip(lines, string.ascii_letters))
    orders = collections.Counter(
        ''.join(names.get(masked(line), '?') for line in run.output.splitlines())
        for run in runs)
    varying = [(names[line], column) for line in names for column in numbers(line, printed)]
    return names, orders.most_common(), varying


def show(one, runs):
    names, orders, varying = summed_up(one, runs)
    title = f'{one.name}: one order of its lines in {RUNS} runs'
    table = [('line', letter, line) for line, letter in names.items()]
    if len(orders) > 1:
        title = (f'{one.name}: {len(orders)} orders of its lines in {RUNS} runs, '
                 f'the commonest in {100 * orders[0][1] / len(runs):.3g} %')
    elif varying:
        letter, column = varying[-1]
        title += f'; the last number in {letter} is {min(column):.10g} to {max(column):.10g}'
        table += [('number', value) for value in column]
    if len(orders) > MOST:
        rest = orders[MOST - 1:]
        orders[MOST - 1:] = [(f'{len(rest)} others', sum(count for _, count in rest))]
    milliseconds = [round(1000 * run.seconds, 2) for run in runs]
    table += [('order', *order) for order in orders]
    table += [('time', time) for time in milliseconds]

    print(title)
    for line, letter in names.items():
        print(f'    {letter}  {line}')
    most = max(count for _, count in orders)
    for order, count in orders:
        print(f'{count:6} {100 * count / len(runs):5.1f} %  {order:20}',
              '#' * (40 * count // most))
    for letter, column in varying:
        print(f'<number> in {letter}: {spread(column)}')
    print(f'milliseconds: {spread(milliseconds)}')
    failed = [run.errors for run in runs if run.status != 0 or run.errors]
    if failed:
        print(f'{len(failed)} runs failed. The first wrote: {failed[0]}')
    path = program.OUTPUT / f'many-{one.name}.tsv'
    rows = ['\t'.join(map(str, row)) for row in table]
    path.write_text('\n'.join([f'# title: {title}', *rows, '']))
    program.draw('many', path)


if not RUNS.isdigit() or int(RUNS) == 0:
    sys.exit(f"RUNS is how often a program runs, and not '{RUNS}'.")
program.OUTPUT.mkdir(parents=True, exist_ok=True)
for each in program.given():
    many(each)
