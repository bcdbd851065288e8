"""What a program of a lesson must print, and a run of it. tests/lessons.py says
how it is written down; views/ has views that judge with this, too."""

import itertools
import os
import pathlib
import pty
import re
import signal
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True  # the tree stays clean
sys.path.append(str(pathlib.Path(__file__).parent.parent / 'views'))
from audit import session
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


DEADLINE = patience(60)  # seconds that one run may take

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
            elif line.startswith('# trace'):
                continue  # views/trace.py reads it
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

    def templates(self):
        """All its lines, in no group."""
        groups = [item if isinstance(item, list) else [[item]] for item in self.items]
        return [line[2:] if line.startswith('? ') else line
                for group in groups for lines in group for line in lines]

    def template_of(self, line):
        """The template of a line, and what stands for each <number> in it."""
        for template in self.templates():
            pattern = re.escape(template).replace('<number>', f'({PATTERNS["number"]})')
            found = re.fullmatch(re.sub('<[^>]*>', '.+', pattern), line)
            if found:
                return template, [float(number) for number in found.groups()]
        return (re.sub(PATTERNS['number'], '<number>', line),  # of other arguments
                [float(number) for number in re.findall(PATTERNS['number'], line)])

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
        began = time.monotonic()
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
        self.seconds = ended - began
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
