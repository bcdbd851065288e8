#!/usr/bin/env python3
"""exercises/answers/PROGRAM.md answers what "Try this" of a lesson's program asks:
"## 1. Its first item", then text, and

    ```diff                 a change to sources of lessons (git diff)
    $ make lesson-PROGRAM   a command, and what it prints then (tests/shown.py)

Each diff has a copy of the tree of its own; what stands before the first one is
about the untouched tree. This checks that each item has an answer, each diff
applies, what it changes is built without a warning (unless a command or its output
names an "error: " or a "warning: "), and each command prints what is shown.

    tests/answers.py             all
    tests/answers.py many sum    of these programs alone
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

sys.dont_write_bytecode = True  # the tree stays clean
from shown import COMMAND, ENVIRONMENT, problem

THREADS = 8  # answers side by side: most of them sleep most of the time
BUILT = 'build/cc'


def run(*command, folder='.', text=''):
    """What a command says that should say nothing, as a list."""
    done = subprocess.run([*ENVIRONMENT, *command], cwd=folder, input=text, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = done.stdout or (done.returncode != 0 and f'status {done.returncode}')
    return [f'{" ".join(map(str, command))}: {said}'] if said else []


def copy_tree(folder, diff):
    """What the diff changes is copied. What is built gets a second name, on a file
    system that can do that: make replaces files, and writes into none. All else is
    only read."""
    os.makedirs(f'{folder}/{BUILT}')
    os.mkdir(f'{folder}/lessons')
    for path in [*pathlib.Path().glob('[!.]*'), *pathlib.Path('lessons').glob('*')]:
        if f'+++ b/{path}/' in diff and path.name != 'lessons':
            run('cp', '-aL', path, f'{folder}/{path}')
        elif path.name not in ('lessons', 'build'):
            pathlib.Path(folder, path).symlink_to(path.absolute())
    built = [path for path in pathlib.Path(BUILT).iterdir() if path.name not in ('bench', 'tests')]
    if run('cp', '-al', *built, f'{folder}/{BUILT}'):
        run('cp', '-a', *built, f'{folder}/{BUILT}')


def check_part(diff, commands):
    """The problems of a diff, or of no diff, and of the commands that follow it."""
    with tempfile.TemporaryDirectory() as folder:
        copy_tree(folder, diff)
        if diff:
            problems = run('git', '-C', folder, 'apply', '--whitespace=nowarn', '-', text=diff)
            programs = re.findall(r'^\+\+\+ b/(.*)\.c$', diff, re.MULTILINE)
            built = run('make', '-s', *(f'{BUILT}/{program}' for program in programs),
                        folder=folder) if programs and not problems else []
            if not any(word in text for command in commands for text in command
                       for word in ('error: ', 'warning: ')):
                problems += built
            if problems:
                return problems
        found = (problem(*command, folder) for command in commands)
        return list(filter(None, found))


def check_answer(text):
    _, *pieces = re.split(r'^```diff\n(.*?)^```\n', f'```diff\n```\n{text}\n', flags=re.M | re.S)
    parts = [(diff, COMMAND.findall(after)) for diff, after in zip(pieces[::2], pieces[1::2])]
    problems = [] if any(commands for _, commands in parts) else ['has no command']
    for diff, commands in parts:
        if diff or commands:
            problems += check_part(diff, commands)
    return problems


def check_numbers(source, numbers):
    _, _, asked = source.read_text().partition('\n// ## Try this\n')
    items = len(re.findall('^// - ', asked, re.MULTILINE))
    if numbers != [str(item) for item in range(1, items + 1)]:
        return [f'{items} items, but the answers are {numbers}']
    return []


def cases(names):
    """Pairs: what is to be tested, and the function that tests it."""
    sources = sorted(pathlib.Path('lessons').glob('*/*.c'))
    answers = {path.stem: path for path in pathlib.Path('exercises/answers').glob('*.md')}
    for source in sources:
        if names and source.stem not in names:
            continue
        path = answers.pop(source.stem, None)
        text = path.read_text() if path else ''
        _, *parts = re.split(r'^## (\d+)\. (.*)\n', text, flags=re.MULTILINE)
        yield (f'{source.stem} has an answer to each item',
               lambda s=source, n=parts[::3]: check_numbers(s, n))
        for number, title, answer in zip(parts[::3], parts[1::3], parts[2::3]):
            yield f'{source.stem} {number}. {title}', lambda a=answer: check_answer(a)
    for name in [] if names else answers:
        yield f'{name} is a program', lambda: ['there is none of that name']


def main():
    todo = list(cases(sys.argv[1:]))
    run('make', '-s', '-j', str(os.cpu_count()),
        *(f'{BUILT}/{path.with_suffix("")}' for path in pathlib.Path('lessons').glob('*/*.c')))
    print(f'1..{len(todo)}', flush=True)
    with ThreadPoolExecutor(THREADS) as threads:
        found = threads.map(lambda case: case[1](), todo)
        for number, ((name, _), problems) in enumerate(zip(todo, found), 1):
            print(f'{"not ok" if problems else "ok"} {number} - {name}', flush=True)
            for text in problems:  # where prove lets it through
                print(f'# {name}: {text}', file=sys.stderr)


main()
