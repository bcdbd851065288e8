"""What the checkers of the exercises import. A checker is a function
check(program) that raises Wrong with a reason, a sentence for the student, or
returns.

A check must not depend on luck. So it rarely measures time. It lets the
children sleep for a minute, waits until everything sleeps (until_quiet), looks
at what was printed and who is there, and ends it. Such a check gives the same
answer on a slow and on a busy machine."""

import contextlib
import importlib.util
import os
import pathlib
import re
import selectors
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter

sys.dont_write_bytecode = True  # the tree stays clean
sys.path.append(str(pathlib.Path(__file__).parent.parent / 'tests'))
from expected import Expected, environment
from patience import patience

from audit import PARENT, session  # of views/: expected.py knows the way

LOOK = 0.01         # seconds between two looks at sleeping processes
MARGIN = 0.3        # seconds by which a sleep may take longer
POLL = 0.1          # seconds that a right answer may sleep between two looks of its own
DEADLINE = patience(10)
MOST = 1 << 20      # bytes that a program may print
PACES = [1, 5, 25]  # how many times longer the sleeps are in a new attempt
ASLEEP = 'SZTt'     # states: sleeps, zombie, stopped
LOCKED = 0.02       # a waiter for a lock looks so often whether its owner lives
TURNS = 8           # of main: see Run._had_a_turn
WAITED = 11         # field of /proc/PID/stat: the page faults of all children waited for
FAULT = 'The checker has a fault of its own: please report it.\n'


class Wrong(Exception):
    """The answer is wrong, and a right one never does this."""


class Late(Wrong):
    """It looks wrong, but a right answer on a slow machine might do the same. So
    the check is done again with longer sleeps: see Program.seconds."""


class Line(str):
    """A line that was printed, and when: .seconds since the start."""


class Text:
    """What a program must print, in the signs of tests/lessons.py."""

    def __init__(self, text):
        self.text = text

    def read_text(self):
        kind = ('any order' if '{' in self.text.split() else
                'masked' if '<' in self.text else 'exact')
        return f'# class: {kind}\n{self.text.strip()}'


class Awake(Exception):
    """A task is not asleep."""


class Sleep:
    """A moment when each of these tasks was seen asleep. If the next one goes on
    with it, all were asleep in between, at once.

    Who waits for a lock, or another object in shared memory, is woken by the
    clock, every LOCKED seconds, looks who is alive, and sleeps again. Such a task
    sleeps on if it is in the very same system call; and it takes some of these
    looks (`patience`) to know that it has not found a dead owner."""

    def __init__(self, tasks):
        self.at, self.patience, self.tasks = time.monotonic(), 0.0, {}
        for task in tasks:
            status = read(f'{task}/status')
            if not re.search(f'^State:\t[{ASLEEP}]', status, re.M):
                raise Awake
            switches = list(map(int, re.findall(r'ctxt_switches:\t(\d+)', status)))
            call = self._timed_futex(task)
            self.patience = 2.5 * LOCKED if call else self.patience
            self.tasks[task] = call, switches

    @staticmethod
    def _timed_futex(task):
        """The call, if it is for a word of the arena (common/memory/arena.c), and
        for a time; else ''. 'unknown', where the kernel does not say."""
        call = read(f'{task}/syscall').split() or ['unknown']
        if call == ['running']:
            raise Awake
        timed = call == ['unknown'] or (
            len(call) > 4 and int(call[1], 16) >> 36 == 0x200 and call[4] != '0x0')
        return ' '.join(call) if timed else ''

    def goes_on(self, before):
        """Whether it is the same sleep."""
        looks = (self.at - before.at) / LOCKED + 2
        return self.tasks.keys() == before.tasks.keys() and all(
            call == before.tasks[task][0] and (
                switches[0] - before.tasks[task][1][0] <= looks if call
                else switches == before.tasks[task][1])
            for task, (call, switches) in self.tasks.items())


class Run:
    """One run of a program, from its start on. The processes that it has are
    those of its session."""

    def __init__(self, command, method, folder, stops=False, refused=False):
        self.method, self.lines, self.errors, self.size = method, [], '', 0
        self.used, self.refused = None, refused
        self.status = None
        self.rest, self.streams = '', selectors.DefaultSelector()
        self.began = time.monotonic()
        self.main = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, start_new_session=True,
            env={**environment(method), 'TMPDIR': folder,
                 **({'STOP_AT_END': '1'} if stops else {})})
        self.pid = self.main.pid
        self.end = os.pidfd_open(self.pid)
        for stream in self.main.stdout, self.main.stderr:
            os.set_blocking(stream.fileno(), False)
            self.streams.register(stream, selectors.EVENT_READ)
        self.streams.register(self.end, selectors.EVENT_READ)

    def close(self):
        """Ends all that is left of it."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)  # at once, so that none forks on
        while left := self.left():
            for pid in left:
                self.kill(pid)
            time.sleep(LOOK)
        self.main.wait()  # not before: its pid may be given to another process then
        self.streams.close()
        os.close(self.end)
        self.main.stdout.close()
        self.main.stderr.close()

    # ---- waiting

    def until(self, condition, sleeps=0.0):
        """Waits until condition() holds, and returns True; False if the program
        has ended, or if all of its processes sleep, for longer than `sleeps`."""
        before, turns, slept = None, 0, time.monotonic()
        while True:
            if self._listen(LOOK):
                before = None
            if condition():
                return True
            if self.status is not None:
                return False
            now = self._asleep()
            if now and not (before and now.goes_on(before)):
                before, turns = now, 0
            elif now and turns < TURNS:
                turns += self._had_a_turn()
            elif now:
                slept = now.at
                if now.at >= before.at + max(now.patience, sleeps + MARGIN if sleeps else 0):
                    return False
            if time.monotonic() > slept + DEADLINE:
                raise Wrong('The program works on and on, and does not end.')

    def until_quiet(self):
        """Waits until all processes sleep, or the program has ended. Only a time
        that is over, or a signal, will wake one of them."""
        self.until(lambda: False)
        return self

    def settle(self):
        """As until_quiet, but not for long, since one may look again and again."""
        end = time.monotonic() + patience(0.3)
        self.until(lambda: time.monotonic() > end)

    def until_line(self, pattern, sleeps=POLL):
        """Waits for a line, which is returned: a regular expression, for all of
        it. Wrong if it does not come."""
        if not self.until(lambda: self.find(pattern), sleeps):
            raise Wrong(f'`{pattern}` was not printed.')
        return self.find(pattern)

    def until_end(self, sleeps=POLL, hangs='The program does not end: all of '
                  'its processes sleep, and nobody wakes them.'):
        """Waits for the end. `sleeps`: for how long all processes may sleep at
        once; where it is longer, `hangs` is the reason."""
        if not self.until(lambda: self.status is not None, sleeps):
            raise Wrong(hangs)
        return self

    def _listen(self, seconds):
        """Takes in what was printed, and the end; whether there was anything."""
        events = [key.fileobj for key, _ in self.streams.select(seconds)]
        ended = self.end in events  # then what was printed is in the pipes
        news = False
        for stream in self.main.stdout, self.main.stderr:
            while data := stream.read(65536):  # None: nothing, b'': the end
                news = True
                self.size += len(data)
                if self.size > MOST:
                    raise Wrong('The program prints on and on.')
                self._take(stream, data.decode(errors='replace'))
            if data == b'' and stream in events:
                self.streams.unregister(stream)
        if ended and self.status is None:
            end = os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)
            self.status = end.si_status * (1 if end.si_code == os.CLD_EXITED else -1)
            self.streams.unregister(self.end)
            if self.rest:
                self._take(self.main.stdout, '\n')
        return news

    def _take(self, stream, text):
        if stream is self.main.stderr:
            self.errors += text
            return
        *whole, self.rest = (self.rest + text).split('\n')
        for text in whole:
            line = Line(text)
            line.seconds = time.monotonic() - self.began
            self.lines.append(line)

    def _asleep(self):
        """A Sleep, if all tasks but those of main are asleep; else None."""
        try:
            return Sleep([f'/proc/{pid}/task/{task}' for pid in session(self.pid) if pid != self.pid
                          for task in os.listdir(f'/proc/{pid}/task')])
        except (OSError, Awake):  # OSError: it has just ended
            return None

    def _had_a_turn(self):
        """Main wakes a hundred times a second while it waits for a pool, or it may
        ask over and over whether a child has ended. So it is taken to wait if it had
        some turns and nothing came of them: it sleeps, or has used the CPU."""
        fields = stat(self.pid)
        before, self.used = self.used, fields[11:13]
        return fields[0] in ASLEEP or self.used != before

    # ---- looking

    def find(self, pattern):
        """The first line that is like this, or None."""
        return next((line for line in self.lines
                     if re.fullmatch(pattern, line)), None)

    def count(self, pattern):
        return sum(bool(re.fullmatch(pattern, line)) for line in self.lines)

    def children(self):
        """The pids of all processes but main, zombies too. Fork servers are none of
        them."""
        return sorted(pid for pid in session(self.pid) if pid != self.pid
                      and stat(pid)[0] != 'X' and not self._serves(pid))

    def started_nobody(self):
        """Whether main has had no child at all so far."""
        return int(stat(self.pid)[WAITED - 3]) == 0 and session(self.pid) == [self.pid]

    def running(self):
        return [pid for pid in self.children() if stat(pid)[0] not in 'ZX']

    def _serves(self, pid):
        """Whether it is a fork server: a new image, and not the copy of its parent."""
        if self.method != 'forkserver':
            return False
        own = read(f'/proc/{pid}/cmdline')
        parent = stat(pid)[PARENT - 3]
        return '--multiprocessing-spawn' in own and own != read(f'/proc/{parent}/cmdline')

    def is_new_image(self, pid):
        """Whether the child is no copy of main: its command line is another one."""
        return read(f'/proc/{pid}/cmdline') != read(f'/proc/{self.pid}/cmdline')

    def descriptors(self):
        """What the descriptors of main are open for, while it runs."""
        folder = f'/proc/{self.pid}/fd'
        return [os.readlink(f'{folder}/{fd}') for fd in os.listdir(folder)]

    def left(self):
        """The processes that still run, but for main."""
        return [pid for pid in session(self.pid)
                if pid != self.pid and stat(pid)[0] not in 'ZX']

    def kill(self, pid, number=signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)

    # ---- judging

    def ran_side_by_side(self, what, count):
        """For a run that is quiet: Wrong if not so many children are there."""
        if self.status:
            self.succeeds()  # says what went wrong
        there = len(self.children())
        if self.started_nobody():  # then who prints and still works is main
            raise Wrong(f'`{what}` ran in the main process: no child was started.'
                        if self.lines and self.status is None else 'No child was started.')
        if there == 0:
            raise Wrong(f'`{what}` ended at once in each child: did it get its arguments?')
        if there != count:
            raise Wrong(f'{there} child{"ren" * (there != 1)} ran at the same time, '
                        f'and not {count}.')

    def prints(self, text):
        """Wrong if the lines are not these; `text` is as in a lesson's .expected."""
        expected = Expected(Text(text), self.method)
        if expected.matches(self.lines, {'main': self.pid, 'shell': os.getpid()}):
            return
        wanted = Counter(expected.templates())
        came = Counter(expected.template_of(line)[0] for line in self.lines)
        for line in wanted:
            if line not in came:
                others = [f', but `{other}` was' for other in self.lines
                          if expected.template_of(other)[0] not in wanted]
                raise Wrong(f'`{line}` was not printed{"".join(others[:1])}.')
            if came[line] != wanted[line]:
                raise Wrong(f'`{line}` was printed {times(came[line])}, and '
                            f'not {times(wanted[line])}.')
        for line in self.lines:
            if expected.template_of(line)[0] not in wanted:
                raise Wrong(f'`{line}` was printed, which the task does not ask for.')
        raise Wrong('The right lines were printed in a wrong order: '
                    + ', '.join(f'`{line}`' for line in self.lines))

    def succeeds(self):
        """Wrong if it did not end well: status 0, no errors, no process left."""
        if self.status < 0:
            raise Wrong(self.killed())
        if self.status or self.errors:
            said = f', and said: {self.errors.strip()}' if self.errors else ''
            raise Wrong(f'The program ended with status {self.status}{said}')
        if left := self.left():
            raise Wrong(f'A process still runs after the end of the program: {left[0]}.')

    def killed(self):
        return (f'The program was killed by signal {-self.status} '
                f'({signal.Signals(-self.status).name}).')

    def said(self):
        """A sentence: what the program itself says of its failure. '' if nothing."""
        if found := re.search('^A child was killed by .*', self.errors, re.M):
            return found[0]  # by lines.c
        if (self.status or 0) < 0:
            return self.killed()
        if self.refused or not self.errors:  # refused: it should say that
            return ''
        ended = f'ended with status {self.status}, and ' if self.status else ''
        line = re.sub(r'^\S+:\d+: ', '', self.errors.strip().splitlines()[0])
        return f'The program {ended}said: `{line}`.'


class Program:
    """The program that is checked."""

    def __init__(self, path, method, pace, folder):
        self.path, self.method, self.pace, self.runs = path, method, pace, []
        self.folder = folder  # for what a killed program does not remove

    def seconds(self, seconds):
        """A time for the program's command line: longer after a Late."""
        return seconds * self.pace

    def start(self, *arguments, launch=(), descriptors=None, method=None, stops=False):
        """Starts it, by the command `launch`; `descriptors`: it has at most so many;
        `stops`: main stops at its very end. Ended with the check."""
        limit = ['sh', '-c', f'ulimit -n {descriptors}; exec "$@"', 'sh'] if descriptors else []
        command = [*limit, *launch, os.path.abspath(self.path), *map(str, arguments)]
        self.runs.append(Run(command, method or self.method, self.folder, stops,
                             refused=descriptors is not None))
        return self.runs[-1]

    def closes(self, *arguments, method=None):
        """Wrong if an object is not closed at the end of main."""
        run = self.start(*arguments, method=method, stops=True)
        run.until(lambda: stat(run.pid)[0] == 'T', POLL)
        if run.status is None and 'anon_inode:[pidfd]' in run.descriptors():
            raise Wrong('An object was not closed: at its end main still has a '
                        'descriptor of a child.')

    def run(self, *arguments, sleeps=POLL, **options):
        """Starts it, and waits for its end: see Run.until_end."""
        return self.start(*arguments, **options).until_end(sleeps)


def read(path):
    """The text of a file of /proc, '' if the process is gone."""
    try:
        with open(path, errors='replace') as file:
            return file.read()
    except OSError:
        return ''


def stat(pid):
    """The fields of /proc/PID/stat from the state on; that is X if it is gone."""
    return read(f'/proc/{pid}/stat').rpartition(') ')[2].split() or ['X', '', '0']


def times(number):
    return {1: 'once', 2: 'twice'}.get(number, f'{number} times')


def under_each_method(check, program):
    """check(program, method) under all three; the reason says under which."""
    for method in 'fork', 'spawn', 'forkserver':
        try:
            check(program, method)
        except Wrong as wrong:
            reason = re.sub('^(The|An|No) ', lambda word: word[0].lower(), str(wrong))
            raise type(wrong)(f'Under {method} {reason}') from None


def in_full(reason, said):
    """The reason, behind what the program itself said, where it is another thing."""
    if said.startswith('A child was killed'):  # so what is missing says nothing
        under = re.match(r'Under \w+ ', reason)
        return f'{under[0]}a{said[1:]}' if under else said
    sentence = said.rpartition(': ')[2].strip('`.')
    return f'{said} {reason}' if sentence not in reason else reason


def judge(checker, path, method):
    """The reason why the program at this path is no answer, or None."""
    spec = importlib.util.spec_from_file_location(checker.stem, checker)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    reason = None
    for pace in PACES:
        with tempfile.TemporaryDirectory() as folder:
            program = Program(path, method, pace, folder)
            try:
                return module.check(program)
            except Late as late:
                reason = str(late)
            except Wrong as wrong:
                return in_full(str(wrong), program.runs[-1].said())
            except Exception:
                return FAULT + traceback.format_exc()
            finally:
                for run in program.runs:
                    run.close()
    return reason
