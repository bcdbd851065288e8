"""When did each process work, sleep, wait? Draws a program and its Python original as
text and as pictures, and writes the Trace Event Format for https://ui.perfetto.dev."""

import json
import math
import re
import subprocess

from program import OUTPUT, draw, given
from strace import STARTS, follow

CALLS = (*STARTS, *(
    'execve kill tgkill pidfd_send_signal nanosleep clock_nanosleep restart_syscall wait4'
    ' waitid poll ppoll select pselect6 epoll_wait epoll_pwait futex pause rt_sigsuspend'
    ' rt_sigtimedwait read recvfrom recvmsg accept accept4 flock').split())
PATTERNS = {  # the state while a call lasts: the first that matches its text
    'stopped': '--- stopped',
    'working': r'clone|v?fork|exec|t?g?kill|pidfd|read\(\d+</(?!dev)|.*WNOHANG|.*_WAKE',
    'sleeping': r'.*nanosleep|p?select6?\(0, NULL',
    'waiting for a process': r'wait|p?poll\(.*<pid:',
    'waiting': ''}
SIGNS = {'working': '#', 'sleeping': 'z', 'stopped': 'S',
         'waiting': '.', 'waiting for a process': '-', 'zombie': '_'}
STATES = list(SIGNS)  # the first three are drawn as bars, the others as thin lines
SIGNS_A_ROW = 40


def parts(task):
    """What it did, as (start, end, state). Between its waits it worked."""
    now = task.start
    for call in task.calls:
        state = next(s for s, pattern in PATTERNS.items() if re.match(pattern, call.text))
        if state != 'working' and call.end > now:
            yield now, max(now, call.start), 'working'
            yield max(now, call.start), call.end, state
            now = call.end
    yield now, max(now, task.end), 'working'
    if task.reaped:
        yield task.end, max(task.end, task.reaped), 'zombie'


class Run:
    """One run of a program. Times are in seconds from its start."""

    def __init__(self, title, command, **streams):
        tasks = follow(command, CALLS, '-yy', **streams)
        zero = tasks[0].start
        self.name, self.title = title.partition(':')[0], title
        self.tasks = [task for task in tasks if not task.thread]
        self.rows = self.tasks[:30]  # more would be too small
        for task in self.tasks:
            task.parts = [(a - zero, b - zero, state) for a, b, state in parts(task)]
        self.seconds = max(task.parts[-1][1] for task in self.tasks)
        if len(tasks) > len(self.rows):
            self.title += f' ({len(tasks) - len(self.rows)} more, mostly threads, are not drawn)'


def print_text(run, width):
    """Each sign stands for the first state in its time."""
    print(f'\n{run.title}: {1000 * run.seconds:.1f} ms under strace; '
          f'one sign is {1000 * width:.2f} ms')
    for task in run.rows:
        signs = [' '] * SIGNS_A_ROW
        for start, end, what in reversed(task.parts):
            for i in range(int(start / width), min(SIGNS_A_ROW, math.ceil(end / width))):
                signs[i] = SIGNS[what]
        who = f'{task.name}, {task.pid}'[:21]
        print(f'{who:21} {"".join(signs).rstrip()} {task.how}')


def table(run, y, wider):
    """Lines for views/timeline.gp, from y downwards; times are drawn so much wider."""
    yield 'head', y, run.title
    place = {task: y + i for i, task in enumerate(run.rows, 1)}
    for task, y in place.items():
        for start, end, what in task.parts:
            number = STATES.index(what)
            half = 0.36 if number < 3 else 0.06
            yield 'box', start * wider, end * wider, y - half, y + half, number
        yield ('row', task.parts[0][0] * wider, y, place.get(task.parent, y),
               f'{task.name}, {task.pid}', task.parts[-1][1] * wider, task.how)


def events(run):
    """The Trace Event Format: its times are in microseconds."""
    for task in run.tasks:
        here = {'pid': int(task.pid), 'tid': int(task.pid)}
        yield {'ph': 'M', 'name': 'process_name', **here, 'args': {
            'name': f'{run.name}: {task.name}, {task.how}',
            'parent': task.parent and task.parent.name}}
        for start, end, what in task.parts:
            yield {'ph': 'X', 'name': what, **here,
                   'ts': start * 1e6, 'dur': (end - start) * 1e6}


def show(program):
    runs = [Run(program.title, [*program.launch, *program.command])]
    if program.original:  # its output would be the same once more
        runs.append(Run(f'Python: {program.name}.py', program.original,
                        stdout=subprocess.DEVNULL))
    longest, lines, y = max(run.seconds for run in runs), [], 0
    for run in runs:
        wider = max(n for n in (1, 5, 20, 100) if n == 1 or n * run.seconds <= longest)
        print_text(run, longest / wider / SIGNS_A_ROW)
        if wider > 1:
            run.title += f', {wider} times as wide (divide the axis by {wider})'
        lines += table(run, y, wider)
        y += len(run.rows) + 1.8
    print(', '.join(f'{sign} {what}' for what, sign in SIGNS.items()))
    takes = ' and '.join(f'{run.name} takes {1000 * run.seconds:.1f} ms' for run in runs)
    path = OUTPUT / f'timeline-{program.name}.tsv'
    path.write_text('\n'.join([
        f'# title: {program.name}: {takes}', f'# rows: {y}', f'# seconds: {longest}',
        '# how: An arrow goes to a process that is started. Right of a bar stands its end.',
        *('\t'.join(map(str, line)) for line in lines), '']))
    draw('timeline', path)
    path = path.with_suffix('.json')
    path.write_text(json.dumps({'traceEvents': [e for run in runs for e in events(run)]}))
    print(f'For https://ui.perfetto.dev: {path}', flush=True)


OUTPUT.mkdir(parents=True, exist_ok=True)
for one in given():
    show(one)
