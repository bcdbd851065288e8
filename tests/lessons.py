#!/usr/bin/env python3
"""Runs every program of every lesson, and its Python original, as a student
would: through a pipe and through a terminal, with short arguments, N times; and
the C program under each start method.

    N=3 tests/lessons.py build/cc build/clang

What a program must print stands beside it in a file called .expected:

    # class: any order        exact, masked or any order
    # short: 0.05             short arguments, where it takes any
    # trace: 100              other arguments, for the view of that name
    # above: 1                lines that it prints before it looks at them
    [C] # launch: mpirun ..   what the C program is launched by; each such run
                              takes long, so there is one, through a pipe
    # without libx: why       all that it prints if it is not linked with libx
    name: main
    {                         several processes at once: the lines of each in
    pid: <pid:alvin>          their order, those of different ones mixed
    |
    pid: <pid:egon>
    }
    ? it depends              a line that may be missing
    [C] lost                  a line that only the C program prints
    [Python] no answer        one that only the Python original prints

In a line, <pid:NAME> is a process id, the same for the same name and another
for another one; <pid:main> is the program's own, <pid:shell> ours. <pid:parent>
is what a child of the program gets from getppid(): <pid:main>, but under
forkserver the server, another process. <address:NAME> is an address, likewise
the same for the same name. <ctime> is the time now, <number> a number, <word> a
word, <words> some. A program that leaves a process, writes to
stderr, or leaves a name in /dev/shm fails. Both the C program and the Python
original, which forks, are held to the same file: so they agree, but where a
line says that they do not.
"""

import itertools
import os
import pathlib
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor

sys.dont_write_bytecode = True  # the tree stays clean
from expected import Expected, Run, has_terminals
from patience import patience

from audit import new_names, shm_names  # of views/: expected.py knows the way

# Seconds after its end in which a Python program may leave its resource tracker
# and fork server, which notice that end by themselves. Ours has waited for them.
PYTHON_PATIENCE = patience(10)

THREADS = 12   # runs side by side: most of them sleep
METHODS = ['fork', 'spawn', 'forkserver']
WAYS = [False, True] if has_terminals() else [False]  # through a terminal?


def prints_what_it_must(command, expected, terminal, method, runs):
    for _ in range(runs):
        run = Run(command + expected.short, terminal, method,
                  PYTHON_PATIENCE if command[0] == sys.executable else 0)
        problem = run.problem(expected)
        if problem:
            return problem
    return None


def refuses_bad_arguments(command, expected):
    """Wrong text, not a number, negative, too many: usage, and status 2."""
    bad = [['x'], ['nan'], ['-1'], [*expected.short, '1', '1', '1', '1']]
    for arguments in bad:
        run = Run(command + arguments, terminal=False, method='fork')
        above = len(run.output.splitlines()) > expected.above
        if run.status != 2 or above or 'usage: ' not in run.errors:
            return f'{arguments}: status {run.status}, {run.errors!r}'
    return None


def has_open_mpi(build):
    return '-DMP_OPENMPI' in pathlib.Path(build, 'optional').read_text()


def says_what_it_misses(command):
    """Without Open MPI: one line that says what to install, and status 1."""
    run = Run(command, terminal=False, method='fork')
    if run.status != 1 or run.output or run.errors.count('\n') != 1 or \
            'install libopenmpi-dev and openmpi-bin' not in run.errors:
        return f'status {run.status}, {run.output!r}, {run.errors!r}'
    return None


def cases(builds, runs):
    """Pairs: what is to be tested, and the function that tests it."""
    for source in sorted(pathlib.Path('lessons').glob('*/*.c')):
        stem = source.with_suffix('')
        text = stem.with_suffix('.expected')
        pythons = {'fork': Expected(text, 'fork', 'Python')}
        programs = [(build, [f'{build}/{stem}'],
                     {method: Expected(text, method).of(f'{build}/{stem}')
                      for method in METHODS}) for build in builds]
        programs.append(('python', [sys.executable, f'{stem}.py'], pythons))
        for which, command, expected in programs:
            launcher = expected['fork'].launch
            if launcher and 'address' in which:  # Open MPI leaks memory
                launcher = launcher + ['-x', 'ASAN_OPTIONS=detect_leaks=0']
            if launcher and not has_open_mpi(which):
                yield (f'{which} {stem.name} says what it misses',
                       lambda c=command: says_what_it_misses(c))
                continue
            if launcher and shutil.which(launcher[0]) is None:
                print(f'# no {launcher[0]} here: {which} {stem.name} is left '
                      'out', file=sys.stderr)
                continue
            ways, times = ([False], 1) if launcher else (WAYS, runs)
            for method, terminal in itertools.product(expected, ways):
                under = f' under {method}' if which != 'python' else ''
                way = 'a terminal' if terminal else 'a pipe'
                yield (f'{which} {stem.name}{under} prints what it must '
                       f'through {way}',
                       lambda c=launcher + command, e=expected[method],
                       t=terminal, m=method, n=times:
                       prints_what_it_must(c, e, t, m, n))
            yield (f'{which} {stem.name} refuses bad arguments',
                   lambda c=command, e=expected['fork']:
                   refuses_bad_arguments(c, e))


def main():
    builds, runs = sys.argv[1:], int(os.environ.get('N', 3))
    names = shm_names()
    todo = list(cases(builds, runs))
    print(f'1..{len(todo) + 1}', flush=True)
    number = 0
    with ThreadPoolExecutor(THREADS) as threads:
        problems = threads.map(lambda case: case[1](), todo)
        for number, (case, problem) in enumerate(zip(todo, problems), 1):
            print(f'{"not ok" if problem else "ok"} {number} - {case[0]}')
            sys.stdout.flush()
            if problem:  # where prove lets it through
                print(f'# {case[0]}: {problem}', file=sys.stderr)
    clean = not new_names(names, patience(5))
    print(f'{"ok" if clean else "not ok"} {number + 1} - nothing is left in /dev/shm')


main()
