#!/usr/bin/env python3
"""When did each process work, sleep, wait? From strace; see views/program.py.

Draws a program and its Python original on one axis, as text and as pictures,
and writes the Trace Event Format, which https://ui.perfetto.dev shows.
"""

import json
import math
import os
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True  # the tree stays clean
from program import OUTPUT, each
from strace import STARTS, check_strace, follow

ACTIONS = STARTS + ' execve kill tgkill pidfd_send_signal'
CALLS = ACTIONS + (
    ' nanosleep clock_nanosleep restart_syscall wait4 waitid poll ppoll select pselect6'
    ' epoll_wait epoll_pwait futex pause rt_sigsuspend rt_sigtimedwait read recvfrom'
    ' recvmsg accept accept4 flock')
SIGNS = {'working': '#', 'sleeping': 'z', 'stopped': 'S',
         'waiting': '.', 'waiting for a process': '-', 'zombie': '_'}
BARS = ('working', 'sleeping', 'stopped')  # the other states are thin lines
SIGNS_A_ROW = 40
MOST = 30  # rows of one program


def state(call):
    """The state of a process while this call lasts."""
    text = call.text
    if call.name in ACTIONS.split() or 'WNOHANG' in text or 'FUTEX_WAKE' in text \
            or text.startswith('read(') and '</' in text and '</dev' not in text:
        return 'working'
    if 'nanosleep' in text or text.startswith(('select(0, NULL', 'pselect6(0, NULL')):
        return 'sleeping'
    if call.name in ('wait4', 'waitid') or 'poll(' in text and '<pid:' in text:
        return 'waiting for a process'
    return 'waiting'


def life(task):
    """Its parts, as (start, end, state)."""
    now = task.start
    other = [(call.start, call.end, state(call)) for call in task.calls]
    for start, end, what in sorted(other + [(*stop, 'stopped') for stop in task.stops]):
        if what != 'working' and end > now:
            yield now, max(start, now), 'working'
            yield max(start, now), end, what
            now = end
    yield now, max(now, task.end), 'working'
    if task.reaped:
        yield task.end, max(task.end, task.reaped), 'zombie'


def busy(task):
    """Whether it is a process, or waits for less than half of its life."""
    return not task.thread or \
        sum(b - a if what in BARS else a - b for a, b, what in task.parts) > 0


class Run:
    """One run of a program. Times are in seconds from its start."""

    def __init__(self, language, title, tasks):
        self.language, self.title, self.tasks = language, title, tasks
        self.zero = tasks[0].start
        for task in tasks:
            task.parts = [(a - self.zero, b - self.zero, what) for a, b, what in life(task)]
        self.seconds = max(task.parts[-1][1] for task in tasks)
        self.rows = [task for task in tasks if busy(task)][:MOST]
        if len(tasks) > len(self.rows):
            self.title += f' ({len(tasks) - len(self.rows)} threads or processes not drawn)'


def length(seconds):
    return f'{seconds:.3g} s' if seconds >= 1 else f'{seconds * 1000:.3g} ms'


def as_text(run, width):
    """Each sign stands for the state that has the largest share of it."""
    print(f'{run.title}: {length(run.seconds)}; one sign is {length(width)}')
    for task in run.rows:
        columns = [{} for _ in range(SIGNS_A_ROW)]
        for start, end, what in task.parts:
            for i in range(int(start / width), min(SIGNS_A_ROW, math.ceil(end / width))):
                share = min(end, (i + 1) * width) - max(start, i * width)
                columns[i][what] = columns[i].get(what, 0) + share
        row = ''.join(SIGNS[max(c, key=c.get)] if c else ' ' for c in columns).rstrip()
        print(f'{f"{task.name}, {task.pid}"[:21]:21} {row} {task.how}')


def panel(run, title, y, scale):
    """Lines of data for timeline.gp: the rows from y downwards, times * scale."""
    yield 'head', 0, y, title
    place = {task: y + i for i, task in enumerate(run.rows, 1)}
    for task, y in place.items():
        for start, end, what in task.parts:
            half = 0.36 if what in BARS else 0.06
            yield what.split()[-1], start * scale, end * scale, y - half, y + half
        yield 'row', 0, y, f'{task.name}, {task.pid}'
        yield 'killed' if task.signal else 'ended', task.parts[-1][1] * scale, y, task.how
        for kind, other, when in (('start', task.parent, task.start), ('signal', *task.killer)):
            if other in place and other is not task:
                yield kind, (when - run.zero) * scale, place[other], 0, y - place[other]


def as_pictures(name, runs, seconds, enlarged):
    # gnuplot warns of a kind of line that is absent: each has one out of sight.
    kinds = 'working sleeping stopped waiting process zombie start signal row head ended killed'
    lines, y = {kind: [(-seconds, 0, 0, 0, '')] for kind in kinds.split()}, 0
    for run, scale in [(runs[0], enlarged)] * (enlarged > 1) + [(run, 1) for run in runs]:
        wide = f', {scale} times as wide (divide the axis by {scale})' if scale > 1 else ''
        for kind, *line in panel(run, run.title + wide, y, scale):
            lines[kind].append(line)
        y += len(run.rows) + 1.8
    took = [f'{run.language} takes {length(run.seconds)}' for run in runs]
    path = OUTPUT / f'timeline-{name}'
    with open(f'{path}.tsv', 'w') as data:
        print(f'# title: {name}: {" and ".join(took)}', file=data)
        for kind in lines:
            print(f'\n\n# {kind}', file=data)
            for line in lines[kind]:
                print(*line, sep='\t', file=data)
    drawing = [subprocess.Popen(['gnuplot', '-e', (
        f"data='{path}.tsv'; rows={y}; seconds={seconds}; fmt='{form}'; theme='{theme}'; "
        f"out='{path}-{theme}.{form}'"), 'views/timeline.gp'])
        for form in ('svg', 'png') for theme in ('light', 'dark')]
    if any([gnuplot.wait() for gnuplot in drawing]):
        sys.exit(1)
    print(f'Pictures: {path}-light.svg, -dark.svg, -light.png, -dark.png')


def events(run):
    """The Trace Event Format: its times are in microseconds."""
    for task in run.tasks:
        here = {'pid': (task.parent if task.thread else task).pid, 'tid': task.pid}
        yield {'ph': 'M', 'name': 'thread_name' if task.thread else 'process_name', **here,
               'args': {'name': f'{run.language}: {task.name}, {task.how}'}}
        for start, end, what in task.parts:
            yield {'ph': 'X', 'name': what, **here,
                   'ts': start * 1e6, 'dur': (end - start) * 1e6}
        if task.parent:
            flow = {'name': 'start', 'cat': 'start', 'id': task.pid,
                    'ts': (task.start - run.zero) * 1e6}
            yield {'ph': 's', **flow, 'pid': task.parent.pid, 'tid': task.parent.pid}
            yield {'ph': 'f', 'bp': 'e', **flow, **here}


def show(program):
    OUTPUT.mkdir(parents=True, exist_ok=True)
    method = os.environ.get('MP_START_METHOD')
    language = f'C by {method}' if method else 'C'
    tasks = follow(program.command, CALLS)
    runs = [Run(program.name, program.name, tasks)]
    if program.original:  # its output would be the same once more
        original = follow(program.original, CALLS, stdout=subprocess.DEVNULL)
        runs = [Run(language, f'{language}: {program.name}', tasks),
                Run('Python', f'Python: {program.name}.py', original)]
    longest = max(run.seconds for run in runs)
    enlarged = max(n for n in (1, 5, 10, 20, 50, 100, 200, 500)
                   if n <= longest / runs[0].seconds)
    print()
    for run in runs:
        as_text(run, longest / SIGNS_A_ROW / (enlarged if run is runs[0] else 1))
    print(', '.join(f'{sign} {what}' for what, sign in SIGNS.items()))
    print('Measured under strace, which makes system calls slower.')
    if shutil.which('gnuplot'):
        as_pictures(program.name, runs, longest, enlarged)
    else:
        print('For pictures, install the package gnuplot-nox, or type make deps.')
    path = OUTPUT / f'timeline-{program.name}.json'
    path.write_text(json.dumps({'traceEvents': [e for run in runs for e in events(run)]}))
    print(f'For https://ui.perfetto.dev: {path}', flush=True)


check_strace()
each(show)
