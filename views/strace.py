"""Runs a program under strace, and reads what strace wrote.

`follow` gives the tasks of the program, which are its processes and their
threads: each with its name, its parent, its calls, and how it ended.
"""

import collections
import re
import signal
import subprocess
import sys
import tempfile

from program import need

SENT = re.compile(r'(?:kill|pidfd_send_signal)\((?:\d+<pid:)?(\d+)>?, (SIG\w+)')
REAPED = re.compile(r'wait4\(.* = (\d+)$|waitid\((?!.*WNOWAIT).*si_pid=(\d+)')
TOOK = re.compile(r' <([\d.]+)>$')
STARTS = 'clone clone3 fork vfork'


class Call:
    """One system call. Its text has the arguments and the result."""

    def __init__(self, start, text):
        self.name, self.text = text.partition('(')[0], text
        self.start, self.end, self.stack = start, None, []

    def started(self):
        """The pid of the task that it started, or None."""
        found = re.search(r' = (\d+)$', self.text)
        return int(found.group(1)) if found and self.name in STARTS.split() else None


class Task:
    """A process, or a thread of one. Times are in seconds."""

    def __init__(self, pid, now):
        self.pid, self.name, self.parent, self.thread = pid, 'main', None, False
        self.born = self.start = self.end = now
        self.calls, self.stops = [], []              # a stop is [start, end]
        self.how, self.signal = 'ended', None        # of its end
        self.reaped, self.killer = None, (None, 0)   # when; who, and when

    def take(self, now, text):
        """Takes one line; returns where the stack goes that may follow it."""
        if self.stops and self.stops[-1][0] == self.end:
            self.stops[-1][1] = now
        self.end = now
        words = text.split()
        if text.startswith('+++ exited') and words[3] != '0':
            self.how = f'ended, status {words[3]}'
        elif text.startswith('+++ killed'):
            self.how, self.signal = f'killed by {words[3]}', words[3]
        elif text.startswith('--- stopped'):
            self.stops.append([now, now])
        elif text.startswith('<... ') and self.calls:
            self.calls[-1].text += text.partition(' resumed>')[2]
        elif text[0] not in '+-':
            self.calls.append(Call(now, text.replace(' <unfinished ...>', '')))
        return self.calls[-1].stack if self.calls and text[0] != '-' else []


def relate(tasks):
    """Finds ends, parents, and who killed whom, in the calls of all tasks."""
    sent = {}
    for task in tasks.values():
        for call in task.calls:
            took = TOOK.search(call.text)
            call.text = TOOK.sub('', call.text)
            call.end = call.start + float(took.group(1)) if took else task.end
            child = tasks.get(call.started())
            if child:
                child.parent, child.born = task, call.start
                child.start = min(child.start, call.end)
                child.thread = 'CLONE_THREAD' in call.text
            for pid, name in SENT.findall(call.text):
                sent[int(pid), name] = task, call.start
            for pids in REAPED.findall(call.text):
                if int(pids[0] or pids[1]) in tasks:
                    tasks[int(pids[0] or pids[1])].reaped = call.end
    for task in tasks.values():
        task.killer = sent.get((task.pid, task.signal), task.killer)
        while task.parent and task.parent.thread:
            task.parent = task.parent.parent


def name(tasks):
    """child 1, child 2, child 2.1, main: thread 1, fork server."""
    count = collections.Counter()
    for task in tasks[1:]:
        above = task.parent.name if task.parent else 'main'
        kind = f'{above}.' if above.startswith('child') else 'child '
        words = ' '.join(call.text for call in task.calls if call.name == 'execve')
        forks = any(c.name == 'clone' and 'CLONE_V' not in c.text for c in task.calls)
        if 'resource_tracker' in words:
            task.name = 'resource tracker'
        elif forks and ('forkserver' in words or '--multiprocessing-spawn=' in words):
            task.name = 'fork server'  # ours looks like a spawned child, but it forks
        else:
            kind = f'{above}: thread ' if task.thread else kind
            count[kind] += 1
            task.name = f'{kind}{count[kind]}'


def read(lines):
    """The tasks in strace's log, in the order in which they were started."""
    tasks, stack = {}, []
    for line in lines:
        if line.startswith(' > '):
            stack.append(line[3:].rstrip())
        else:
            pid, now, text = line.rstrip().split(None, 2)
            task = tasks.setdefault(int(pid), Task(int(pid), float(now)))
            stack = task.take(float(now), text)
    relate(tasks)
    tasks = sorted(tasks.values(), key=lambda task: task.born)
    name(tasks)
    return tasks


def follow(command, calls, *options, **streams):
    """Runs the command under strace, which looks at these calls (where this
    machine has them); its tasks.

    What the program reads and writes stays as it is. Ctrl-C ends the program
    and not the view, which so shows a program that hangs, too.
    """
    signal.signal(signal.SIGINT, lambda *_: None)
    with tempfile.NamedTemporaryFile('r', errors='replace') as log:
        subprocess.call(['strace', '-f', '-ttt', '-T', '-yy', '-s', '99', '-o', log.name,
                         '--seccomp-bpf', '-e', 'trace=?' + calls.replace(' ', ',?'),
                         *options, '--', *command], **streams)
        tasks = read(log)
    if not tasks or not tasks[0].calls[0].text.endswith(' = 0'):
        sys.exit(1)  # strace has said why
    return tasks


def check_strace():
    """Ends with one line where strace is missing, or may not trace."""
    need('strace', 'strace')
    tried = subprocess.run(['strace', '-f', '-o', '/dev/null', 'true'],
                           stderr=subprocess.PIPE, universal_newlines=True)
    if tried.returncode != 0:
        reason = tried.stderr.partition('\n')[0]
        sys.exit(f'strace may not trace here ({reason}). In a container, start that '
                 'with --cap-add=SYS_PTRACE.')
