"""Commands in a text, and what they print: lines of four blanks, "$ " and the
command, and below it a part of what it prints, on stderr too. Each line that is
shown must be within a line that is printed, in this order. <number> stands for
digits, <ctime> for a time, <pid> for a process id, the same in all lines of a
command; <pid:NAME> is another one for each name.

    python3 tests/shown.py PAGE SECTION    runs the commands of a section
"""

import contextlib
import os
import pathlib
import re
import signal
import subprocess
import sys

from expected import DEADLINE, PATTERNS, Run
from patience import patience

COMMAND = re.compile(r'^    \$ ((?:.*\\\n)*.*)\n((?:    (?!\$ ).*\n)*)', re.MULTILINE)
UNSET = 'MAKEFLAGS MAKELEVEL MFLAGS CC SAN ARGS N LANG MP_START_METHOD'
ENVIRONMENT = ['env', *(f'--unset={name}' for name in UNSET.split()), 'LC_ALL=C']
NEEDED = {'python': 'command -v python3 >/dev/null', 'taskset': 'taskset -c 0 true'}


def pattern(lines):
    """The regular expression of a text that has these lines."""
    pids = []

    def sign(found):
        kind, _, name = found.group(1).partition(':')
        if kind == 'number':
            return r'[\d.]+'
        if kind == 'ctime':
            return PATTERNS['ctime'].replace('?P<ctime>', '?:')
        name = f'pid_{name}'
        if name in pids:
            return rf'\b(?P={name})\b'
        others = ''.join(rf'(?!(?P={other})\b)' for other in pids)
        pids.append(name)
        return rf'\b{others}(?P<{name}>\d+)\b'

    signs = r'<(number|ctime|pid(?::\w+)?)>'
    return '.*?\n.*?'.join(re.sub(signs, sign, re.escape(line)) for line in lines)


def problem(command, shown, folder='.'):
    """What is wrong with a command; or None. A busy moment is forgiven, three are
    not."""
    lines = [line[4:] for line in shown.splitlines()]
    if not lines:
        return f'{command}\nshows nothing'
    if any(name in command and subprocess.call(probe, shell=True) != 0
           for name, probe in NEEDED.items()):
        return None
    for _ in range(3):
        run = Run([*ENVIRONMENT, 'sh', '-c', f'exec 2>&1; cd "{folder}"\n{command}'],
                  terminal=False, method='', patience=patience(5))
        for pid in run.left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if run.left or run.seconds > DEADLINE:
            return f'{command}\nleaves processes'
        if re.search(pattern(lines), run.output, re.DOTALL):
            return None
        print(f'# once more: {command}', file=sys.stderr)
    return '\n'.join([command, 'must print:', *lines, 'printed:', run.output])


if __name__ == '__main__':
    page, section = sys.argv[1:]
    text = f'\n{pathlib.Path(page).read_text()}\n## '
    commands = COMMAND.findall(text.partition(f'\n## {section}\n')[2].partition('\n## ')[0] + '\n')
    problems = list(filter(None, (problem(*command) for command in commands)))
    print(*problems, sep='\n')
    sys.exit(bool(problems) or not commands)
