"""Shows a program and its Python original side by side: their code, without the
lesson's text; what they print; and whether both print what the .expected file
says, as tests/lessons.py judges. One under the other where the screen is narrow."""

import itertools
import re
import shutil
import sys

import program
from expected import Expected, Run


def beside(left, right):
    half = max(map(len, left))
    if half + 3 + max(map(len, right)) > shutil.get_terminal_size().columns:
        print(*left, *right, sep='\n')
    else:
        for pair in itertools.zip_longest(left, right, fillvalue=''):
            print(f'{pair[0]:{half}} | {pair[1]}'.rstrip())


def code(path):
    """Its lines, without those of the lesson's text."""
    text = re.sub('^ *//( .*)?\n', '', path.read_text(), flags=re.MULTILINE)
    return [f'--- {path}', *text.strip().splitlines(), '']


def side(one):
    """Returns whether both print what they must."""
    beside(*(code(one.stem.with_suffix(suffix)) for suffix in ('.c', '.py')))
    path = one.stem.with_suffix('.expected')
    ours = Run(one.command, False, program.METHOD)
    python = Run(one.original, False, 'fork', 10)
    beside(*(['--- prints', *run.output.splitlines(), ''] for run in (ours, python)))
    problems = (ours.problem(Expected(path, program.METHOD)),
                python.problem(Expected(path, 'fork', 'Python')))
    if any(problems):
        result = 'They do not agree: C {}, Python {}.'.format(*problems)
    elif '\n[' in one.expected:
        result = f'They differ where {path} says so, and agree elsewhere.'
    else:
        result = 'They agree.'
    varies = {'exact': 'Nothing varies.', 'masked': 'Numbers vary.',
              'any order': 'The order of some lines varies.'}[one.of_expected('class')]
    print(varies, result)
    return not any(problems)


sys.exit(not all([side(each) for each in program.given()]))
