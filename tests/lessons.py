#!/usr/bin/env python3
"""Runs every program of every lesson, and its Python original, as a student
would: through a pipe and through a terminal, with short arguments, N times; and
the C program under each start method.

    N=3 tests/lessons.py build/cc build/clang

What a program must print stands beside it in a file called .expected:

    # class: any order        exact, masked or any order
    # short: 0.05             short arguments, where it takes any
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
import pty
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

sys.dont_write_bytecode = True  # the tree stays clean
from patience import patience


def has_terminals():
    try:
        for end in pty.openpty():
            os.close(end)
    except OSError:  # a container without /dev/pts
        print('# no terminal here: lessons run through a pipe alone',
              file=sys.stderr)
        return False
    return True


# Seconds after its end in which a Python program may leave its resource tracker
# and fork server, which notice that end by themselves. Ours has waited for them.
PYTHON_PATIENCE = patience(10)

DEADLINE = patience(60)  # seconds that one run may take
THREADS = 12   # runs side by side: most of them sleep
METHODS = ['fork', 'spawn', 'forkserver']
WAYS = [False, True] if has_terminals() else [False]  # through a terminal?

PATTERNS = {
    'ctime': r'(?P<ctime>[A-Z]\w\w [A-Z]\w\w [ \d]\d \d\d:\d\d:\d\d \d{4})',
    'number': r'\d+(?:\.\d+)?(?:e[-+]\d+)?',
    'word': r'\S+',
    'words': r'.+',
}
NAMED = {'pid': r'(\d+)', 'address': r'(0x[0-9a-f]+)'}


class Expected:
    """One .expected file: a list of lines and of groups of lists of lines."""

    def __init__(self, path, method, language='C'):
        self.short, self.items, kind, group = [], [], None, None
        self.above, self.launch = 0, []
        self.library = self.apology = None
        text = path.read_text()
        if method != 'forkserver':
            text = text.replace('<pid:parent>', '<pid:main>')
        for line in text.splitlines():
            only = re.match(r'\[(C|Python)\] ', line)
            if only is not None:
                if only.group(1) != language:
                    continue
                line = line[only.end():]
            if line.startswith('# class: '):
                kind = line[len('# class: '):]
            elif line.startswith('# short: '):
                self.short = line[len('# short: '):].split()
            elif line.startswith('# launch: '):
                self.launch = line[len('# launch: '):].split()
            elif line.startswith('# above: '):
                self.above = int(line[len('# above: '):])
            elif line.startswith('# without '):
                self.library, self.apology = line[10:].split(': ', 1)
            elif line == '{':
                group = [[]]
            elif line == '|':
                group.append([])
            elif line == '}':
                self.items.append(group)
                group = None
            else:
                (self.items if group is None else group[-1]).append(line)
        if kind != self.kind():
            raise SystemExit(f'{path}: says {kind!r}, but is {self.kind()!r}')

    def kind(self):
        if any(isinstance(item, list) for item in self.items):
            return 'any order'
        return 'masked' if any('<' in item for item in self.items) else 'exact'

    def of(self, program):
        """This, or what a program prints that lacks the library it needs."""
        if self.library:
            linked = pathlib.Path(program).read_bytes()
            if self.library.encode() not in linked:
                self.items = [self.apology]
        return self

    def matches(self, lines, pids):
        return any(match(items, lines, pids)
                   for items in without_optional(self.items))


def without_optional(items):
    """All the lists that one list stands for: with and without each "? "."""
    lists = [[]]
    for item in items:
        if isinstance(item, list):
            choices = itertools.product(*map(without_optional, item))
            endings = [[list(sequences)] for sequences in choices]
        elif item.startswith('? '):
            endings = [[], [item[2:]]]
        else:
            endings = [[item]]
        lists = [begun + ending for begun in lists for ending in endings]
    return lists


def match(items, lines, pids):
    """Whether `lines` are what `items` say, where `pids` are known already."""
    if not items:
        return not lines
    first, rest = items[0], items[1:]
    if isinstance(first, list):
        first = [sequence for sequence in first if sequence]
        if not first:
            return match(rest, lines, pids)
        # The next line belongs to any one of the sequences.
        return any(
            match([sequence[0], first[:i] + [sequence[1:]] + first[i + 1:],
                   *rest], lines, pids)
            for i, sequence in enumerate(first))
    if not lines:
        return False
    bound = match_line(first, lines[0], pids)
    return bound is not None and match(rest, lines[1:], bound)


def match_line(template, line, pids):
    """The pids known after this line; None where it is not as it should be."""
    names = []

    def pattern(found):
        kind, _, name = found.group(1).partition(':')
        if kind in PATTERNS:
            return PATTERNS[kind]
        names.append(name)
        return NAMED[kind]

    parts = re.split(r'(<[^>]*>)', template)
    whole = ''.join(re.sub(r'<([^>]*)>', pattern, part)
                    if part.startswith('<') else re.escape(part)
                    for part in parts)
    found = re.fullmatch(whole, line)
    if found is None:
        return None
    if '<ctime>' in template:
        then = time.mktime(time.strptime(found.group('ctime')))
        return pids if abs(time.time() - then) < DEADLINE else None
    bound = dict(pids)
    for name, digits in zip(names, found.groups()):
        value = int(digits, 0)
        known = bound.setdefault(name, value)
        if known != value or list(bound.values()).count(known) > 1:
            return None
    return bound


class Run:
    """One run of a program: what it printed, and what it left behind."""

    def __init__(self, command, terminal, method, patience=0):
        reader, writer = pty.openpty() if terminal else os.pipe()
        program = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=writer,
            stderr=subprocess.PIPE, start_new_session=True,
            env=environment(method))
        os.close(writer)
        self.pid = program.pid
        # Whoever hangs is ended, and the status says so.
        clock = threading.Timer(DEADLINE, os.killpg, (self.pid, signal.SIGKILL))
        clock.start()
        self.output = read_all(reader).replace('\r\n', '\n')
        self.errors = program.communicate()[1].decode()
        clock.cancel()
        self.status = program.returncode
        ended = time.monotonic()
        self.left = session(self.pid)
        while self.left and time.monotonic() < ended + patience:
            time.sleep(0.01)
            self.left = session(self.pid)

    def problem(self, expected):
        """What is wrong with this run, or None."""
        if self.status != 0 or self.errors:
            return f'status {self.status}, on stderr: {self.errors!r}'
        if self.left:
            return f'left processes: {self.left}'
        known = {'main': self.pid, 'shell': os.getpid()}
        if not expected.matches(self.output.splitlines(), known):
            return f'pid {self.pid} printed: {self.output!r}'
        return None


def environment(method):
    """Ours, without what tears Python's lines, and with this start method."""
    kept = dict(os.environ)
    kept.pop('PYTHONUNBUFFERED', None)
    kept['MP_START_METHOD'] = method
    return kept


def read_all(descriptor):
    chunks = []
    with open(descriptor, 'rb', buffering=0) as stream:
        try:
            while chunk := stream.read(65536):
                chunks.append(chunk)
        except OSError:  # how a terminal says that nobody writes any more
            pass
    return b''.join(chunks).decode()


def session(leader):
    """The processes of a session: all that its leader made, unless they hid."""
    found = []
    for pid in filter(str.isdigit, os.listdir('/proc')):
        try:
            stat = pathlib.Path(f'/proc/{pid}/stat').read_text()
        except OSError:  # it has just ended
            continue
        if int(stat.rpartition(')')[2].split()[3]) == leader:
            found.append(pid)
    return found


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
    shm = set(os.listdir('/dev/shm'))
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
    # Another program's names come and go; what is left stays.
    until = time.monotonic() + patience(5)
    while not (clean := set(os.listdir('/dev/shm')) <= shm):
        if time.monotonic() > until:
            break
        time.sleep(0.01)
    print(f'{"ok" if clean else "not ok"} {number + 1} - nothing is left in /dev/shm')


main()
