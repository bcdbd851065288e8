"""Runs a program under strace, and reads what strace wrote: `follow` gives the
program's tasks, which are its processes and their threads."""

import collections
import re
import signal
import subprocess
import sys
import tempfile
import types

from program import need

STARTS = ('clone', 'clone3', 'fork', 'vfork')
LINE = re.compile(r'(\d+) +([\d.]+) (.*?)(?: <unfinished \.\.\.>)?(?: <([\d.]+)>)?$')
REAPED = re.compile(r'(?:wait4\(.* = |waitid\((?!.*WNOWAIT).*si_pid=)(\d+)')


class Task:
    """A process, or a thread. Times are in seconds. Its stops are among its calls."""

    def __init__(self, pid, now):
        self.pid, self.name, self.parent, self.thread = pid, 'main', None, False
        self.start, self.end, self.how, self.reaped = now, now, 'ended', None
        self.calls = []

    def take(self, now, text, took):
        """Takes one line. A call of which it has no end lasts until the next line."""
        self.end = now
        if self.calls and self.calls[-1].end is None:
            self.calls[-1].end = now
        if text.startswith('+++ '):
            self.how = text[4:-4].replace('exited with 0', 'ended')
        elif text.startswith('<... ') and self.calls:
            self.calls[-1].text += text.partition(' resumed>')[2]
        elif text.startswith('--- stopped') or not text.startswith('---'):
            self.calls.append(types.SimpleNamespace(
                name=text.partition('(')[0], text=text, stack='',  # with its result
                start=now, end=now + float(took) if took else None))


def name_of(task, count):
    """child 1, child 1.1, thread 1, fork server. Count has how many there are of each."""
    program = ' '.join(call.text for call in task.calls if call.name == 'execve')
    forks = any(c.name == 'clone' and 'CLONE_V' not in c.text for c in task.calls)
    if 'multiprocessing' in program and (forks or 'resource_tracker' in program):
        return 'fork server' if forks else 'resource tracker'
    above = f'{task.parent.name}.' if task.parent.name.startswith('child') else 'child '
    kind = 'thread ' if task.thread else above
    count[kind] += 1
    return f'{kind}{count[kind]}'


def relate(tasks):
    """Finds in the calls who started each task, and when it was waited for."""
    count = collections.Counter()
    for task in tasks.values():  # a parent comes before its children
        for call in task.calls:
            call.end = call.end or task.end
            child = tasks.get(call.text.rpartition(' = ')[2])
            if child and call.name in STARTS:
                child.parent, child.started_by = task.parent if task.thread else task, call
                child.start = min(child.start, call.end)
                child.thread = 'CLONE_THREAD' in call.text
                child.name = name_of(child, count)
            reaped = REAPED.match(call.text)
            if reaped and reaped.group(1) in tasks:
                tasks[reaped.group(1)].reaped = call.end


def follow(command, calls, *options, **streams):
    """Runs the command under strace, which looks at these calls (where this
    machine has them); its tasks, in the order in which they were started."""
    need('strace', 'strace')
    tried = subprocess.run(['strace', '-f', *options, '-o', '/dev/null', 'true'],
                           stderr=subprocess.PIPE, universal_newlines=True)
    if tried.returncode != 0:
        sys.exit(f'strace may not trace here ({tried.stderr.splitlines()[0]}). '
                 'In a container, start that with --cap-add=SYS_PTRACE.')
    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C ends the program, not us
    tasks, task = {}, None
    with tempfile.NamedTemporaryFile('r', errors='replace') as log:
        subprocess.call(['strace', '-f', '-ttt', '-T', '-s', '99', '-o', log.name,
                         '--seccomp-bpf', '-e', 'trace=?' + ',?'.join(calls),
                         *options, '--', *command], **streams)
        for line in log:
            if line.startswith(' > '):
                for call in task.calls[-1:]:
                    call.stack += line
            else:
                pid, now, text, took = LINE.match(line).groups()
                task = tasks.setdefault(pid, Task(pid, float(now)))
                task.take(float(now), text, took)
    relate(tasks)
    tasks = sorted(tasks.values(), key=lambda task: task.start)
    if not tasks or not tasks[0].calls[0].text.endswith(' = 0'):
        sys.exit(1)  # it did not start, and strace has said why
    return tasks
