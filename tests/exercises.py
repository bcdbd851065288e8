#!/usr/bin/env python3
"""Holds each exercise to what it promises: the starter compiles and is rejected,
the solution is accepted under each start method, and each wrong answer is
rejected with its reason.

    tests/exercises.py                   all, once
    RUNS=20 tests/exercises.py 3a 7a     these, 20 times: under the start methods
                                         in turn, each solution 20 times under each
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

sys.dont_write_bytecode = True  # the tree stays clean
sys.path.append('exercises')
from exercise import BUILD, compile_c, exercises
from judge import FAULT, judge

RUNS = int(os.environ.get('RUNS', 1))
METHODS = ['fork', 'spawn', 'forkserver']
COMPILERS, CHECKS = len(os.sched_getaffinity(0)), 12  # side by side: checks sleep


def build(exercise, number, part, folder):
    """The program with this part, or None for the starter's; what was wrong."""
    stem = folder / f'{exercise.name}-{number}'
    source = stem.with_suffix('.c')
    source.write_text(exercise.text if part is None else exercise.with_part(part))
    compiles, said = compile_c(source, stem, '-O0', '-g0')
    # A wrong answer may have warnings.
    return stem, said if not compiles or number in ('starter', 'solution') else ''


def rejects(exercise, built, begin=''):
    program, said = built.result()
    for run in range(RUNS):
        method = METHODS[run % 3]
        reason = said or judge(exercise.checker, program, method)
        if said or reason is None or not reason.startswith(begin) or \
                reason.startswith(FAULT):
            return f'run {run}, {method}: {reason or "accepted"!r}, and not {begin!r}'
    return None


def accepts(exercise, built, method):
    program, said = built.result()
    for run in range(RUNS):
        reason = said or judge(exercise.checker, program, method)
        if reason is not None:
            return f'run {run}: {reason}'
    return None


def form(exercise):
    """What is wrong with its text, or None."""
    code = re.findall(r'^(?!\s*(?://.*)?$)', exercise.text, re.M)
    faults = {'more than 60 lines of code': len(code) > 60,
              'a line wider than 72': max(map(len, exercise.text.splitlines())) > 72,
              'no title': not exercise.text.startswith('// # '),
              'no hints': not exercise.hints,
              'less than five wrong answers': len(exercise.wrong) < 5}
    return ', '.join(fault for fault, is_so in faults.items() if is_so) or None


def cases(exercise, compilers, folder):
    """Pairs: what is tested, and the function that returns the problem."""
    name = exercise.name
    if not exercise.can_be_built():
        yield f'{name} # SKIP this build has no {exercise.needs}', lambda: None
        return
    start = lambda number, part: compilers.submit(build, exercise, number, part, folder)
    starter, solution = start('starter', None), start('solution', exercise.solution)
    yield f'{name} has the form', lambda: form(exercise)
    yield f'{name}: the starter is rejected', lambda: rejects(exercise, starter)
    for method in METHODS:
        yield (f'{name}: the solution is accepted under {method}',
               lambda m=method: accepts(exercise, solution, m))
    for number, (title, part, reason) in enumerate(exercise.wrong):
        yield (f'{name}: rejected: {title}',
               lambda b=start(number, part), r=reason: rejects(exercise, b, r))


def main():
    names = sys.argv[1:]
    if not os.path.exists(f'{BUILD}/exercise'):
        subprocess.run(['make', '-s', 'exercise-build'], check=True)
    chosen = [each for each in exercises() if not names or each.name in names]
    with tempfile.TemporaryDirectory() as folder, \
            ThreadPoolExecutor(COMPILERS) as compilers, ThreadPoolExecutor(CHECKS) as threads:
        todo = [case for exercise in chosen
                for case in cases(exercise, compilers, pathlib.Path(folder))]
        print(f'1..{len(todo)}', flush=True)
        problems = threads.map(lambda case: case[1](), todo)
        for number, (case, problem) in enumerate(zip(todo, problems), 1):
            print(f'{"not ok" if problem else "ok"} {number} - {case[0]}', flush=True)
            if problem:  # where prove lets it through
                print(f'# {case[0]}: {problem}', file=sys.stderr)


main()
