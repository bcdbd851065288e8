"""Runs a program RUNS times, 200 if not given, and shows what varies: the order of
its lines, the numbers in them, and how long it took. It runs through a terminal, as
for a student, and one run after the other, since side by side they would disturb each
other. What a line is, tests/expected.py says: pids and times count as equal."""

import collections
import os
import statistics
import string
import sys

import program
from expected import Expected, Run, has_terminals

MOST = 12  # orders that are shown one by one
RUNS = os.environ.get('RUNS') or '200'


def spread(values):
    first, middle, third = statistics.quantiles(values, method='inclusive')
    return (f'{min(values):.6g} to {max(values):.6g}, half of them {first:.6g} to '
            f'{third:.6g}, median {middle:.6g}')


def summed_up(one, runs):
    """A letter for each line, and how often which order of them came. Then what varies:
    a line's letter, and all values of one of its numbers."""
    expected = Expected(one.stem.with_suffix('.expected'), program.METHOD)
    printed = [[expected.template_of(line) for line in run.output.splitlines()]
               for run in runs]
    lines = [line for run in printed for line in run]
    seen = dict(lines)
    known = [template for template in expected.templates() if template in seen]
    letters = dict(zip(dict.fromkeys([*known, *seen]), string.printable[10:]))
    orders = collections.Counter(''.join(letters[template] for template, _ in run)
                                 for run in printed)
    columns = [(letter, column) for line, letter in letters.items() for column in
               zip(*(numbers for template, numbers in lines if template == line))]
    varying = [(letter, column) for letter, column in columns if len(set(column)) > 1]
    return letters, orders.most_common(), varying


def many(one):
    asks = sys.stdin.isatty() and sys.stdout.isatty()
    expectation = asks and input(
        f'{one.name} runs {RUNS} times. In how many orders will its lines come? ')
    terminal = has_terminals()
    runs = [Run(one.command, terminal, program.METHOD) for _ in range(int(RUNS))]
    letters, orders, varying = summed_up(one, runs)
    times = [1000 * run.seconds for run in runs]
    title = f'{one.name}: one order of its lines in {RUNS} runs'
    if len(orders) > 1:
        title = (f'{one.name}: {len(orders)} orders of its lines in {RUNS} runs, '
                 f'the commonest in {100 * orders[0][1] / len(runs):.3g} %')
    if len(orders) > MOST:
        rest = [count for _, count in orders[MOST - 1:]]
        orders[MOST - 1:] = [(f'{len(rest)} others', sum(rest))]

    print(title)
    for line, letter in letters.items():
        print(f'    {letter}  {line}')
    for order, count in orders:
        print(f'{count:6} {100 * count / len(runs):5.1f} %  {order}')
    for letter, column in varying:
        print(f'<number> in {letter}: {spread(column)}')
    print(f'milliseconds: {spread(times)}')
    failed = [run.errors for run in runs if run.status != 0 or run.errors]
    if failed:
        print(f'{len(failed)} runs failed. The first wrote: {failed[0]}')
    if asks:
        print(f'You expected: {expectation}')
    letter, numbers = varying[-1] if len(orders) == 1 and varying else ('', [])
    subtitle = letter and f'The last number in {letter} is {spread(numbers)}.'
    program.draw_rows('many', one.name, {'title': title, 'subtitle': subtitle}, [
        *(('line', letter, line) for line, letter in letters.items()),
        *(('order', *order) for order in orders),
        *(('number', number) for number in numbers),
        *(('time', time) for time in times)])


if not RUNS.isdigit() or int(RUNS) < 2:
    sys.exit(f"RUNS is how often a program runs, 2 or more, and not '{RUNS}'.")
for each in program.given():
    many(each)
