"""Shows a program and its Python original side by side: their code, without the
lesson's text; what they print; and whether both print what the .expected file
says, as tests/lessons.py judges. One under the other where the screen is narrow."""

import itertools
import os
import re
import shutil
import sys

import program

sys.path.append('tests')
from expected import Expected, Run

METHOD = os.environ.get('MP_START_METHOD', 'fork')
WIDTH = shutil.get_terminal_size().columns  # COLUMNS, if that is set
HALF = (WIDTH - 3) // 2
NARROW = 60  # columns that a half must have


def beside(titles, left, right):
    if HALF < NARROW:
        print(f'--- {titles[0]}', *left, f'--- {titles[1]}', *right, sep='\n')
        return
    for pair in itertools.zip_longest([titles[0], '-' * HALF, *left],
                                      [titles[1], '-' * HALF, *right], fillvalue=''):
        halves = [[line[i:i + HALF] for i in range(0, len(line) or 1, HALF)] for line in pair]
        for one, other in itertools.zip_longest(*halves, fillvalue=''):
            print(f'{one:{HALF}} | {other}'.rstrip())


def code(path):
    """Its lines, without those of the lesson's text."""
    text = re.sub('^ *//( .*)?\n', '', path.read_text(), flags=re.MULTILINE)
    return text.strip().splitlines()


def side(one):
    """Returns whether both print what they must."""
    path = one.stem.with_suffix('.expected')
    beside((f'{one.stem}.c', f'{one.stem}.py'),
           code(one.stem.with_suffix('.c')), code(one.stem.with_suffix('.py')))
    print()
    ours, python = Run(one.command, False, METHOD), Run(one.original, False, 'fork', 10)
    beside((' '.join(one.command), ' '.join(['python3', *one.original[1:]])),
           ours.output.splitlines(), python.output.splitlines())
    problems = [ours.problem(Expected(path, METHOD)),
                python.problem(Expected(path, 'fork', 'Python'))]
    differ = any(line.startswith(('[C] ', '[Python] ')) for line in one.expected.splitlines())
    print(f'\nClass: {one.of_expected("class")}.',
          f'They do not agree: C {problems[0]}, Python {problems[1]}.' if any(problems) else
          f'They differ where {path} says so, and agree elsewhere.' if differ else
          'They agree.')
    return not any(problems)


if not all([side(each) for each in program.given()]):
    sys.exit(1)
