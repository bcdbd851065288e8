"""Reports what a program leaves behind. The status is 1 where it is something.

Linux gives each process whose own parent has ended to this one (prctl(2),
PR_SET_CHILD_SUBREAPER), which runs the program, and looks 100 times a second for

zombie         a process that had ended, and whose parent never waited for it. Those
               of the program are counted when ptrace(2) stops it at its very end, so
               none is missed; of those of its children a short one may be missed
orphan         a process that still ran 0.2 s after its parent had ended
descriptor     what the program opened, and what was open at its very end. The
               library's are left out: the arena, and the pidfds of objects that were
               not closed. What children inherit is not judged: they may need it
shared memory  a new name in /dev/shm that stays, and that no other program uses
"""

import collections
import ctypes
import os
import pathlib
import signal
import sys
import time

import program

# Of <sys/prctl.h> and <sys/ptrace.h>.
PR_SET_CHILD_SUBREAPER, PTRACE_CONT, PTRACE_SEIZE, PTRACE_LISTEN = 36, 7, 0x4206, 0x4208
PTRACE_O_TRACEEXIT, PTRACE_O_EXITKILL = 0x40, 0x100000
PTRACE_EVENT_EXIT, PTRACE_EVENT_STOP = 6, 128
PERIOD = 0.01  # seconds between two looks
GRACE = 0.2    # seconds in which a process may notice that its parent has ended
LATE = 0.5     # seconds after which a zombie is mentioned, which is no fault
LESSONS = {'zombie': 'lesson 6, make read-lifecycle_states',
           'orphan': 'lesson 8, make read-daemon_true',
           'descriptor': 'lesson 11, make read-start_methods',
           'shared memory': 'lesson 15, make read-shared_memory'}

Process = collections.namedtuple('Process', 'name state parent session')
libc = ctypes.CDLL(None)
libc.ptrace.argtypes = [ctypes.c_long] * 4


def read(path):
    """A file of /proc; '' where its process has just ended, or is another user's."""
    try:
        return pathlib.Path(path).read_text(errors='replace')
    except OSError:
        return ''


def processes():
    """All that run, and all zombies, by their pids."""
    found = {}
    for pid in filter(str.isdigit, os.listdir('/proc')):
        name, _, rest = read(f'/proc/{pid}/stat').rpartition(') ')
        if rest:
            state, parent, _, session = rest.split()[:4]
            found[int(pid)] = Process(name.partition('(')[2], state, int(parent), int(session))
    return found


def session(leader):
    """The processes of a session: all that its leader made, unless they hid."""
    return [pid for pid, process in processes().items() if process.session == leader]


def below(root, table):
    """The children of `root`, their children, and so on."""
    children = [pid for pid in table if table[pid].parent == root]
    return children + [pid for child in children for pid in below(child, table)]


def shm_names():
    return set(os.listdir('/dev/shm'))


def new_names(before, seconds):
    """Names in /dev/shm that are new, that stay, and that no process uses: other
    programs' names come and go."""
    until = time.monotonic() + seconds
    while (new := shm_names() - before) and time.monotonic() < until:
        time.sleep(PERIOD)
    used = ''.join(read(f'/proc/{pid}/maps') for pid in processes()) if new else ''
    return sorted(name for name in new if f'/dev/shm/{name}\n' not in used)


def descriptors(pid):
    folder = f'/proc/{pid}/fd'
    return {(int(fd), os.readlink(f'{folder}/{fd}')) for fd in os.listdir(folder)}


class Audit:
    """Runs a command. Afterwards `found` has pairs: a word, and a sentence."""

    def __init__(self, command):
        self.found, self.zombies, self.orphans, self.ended = [], {}, {}, None
        names = shm_names()
        libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
        signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C is for the program
        self.start(command)
        while not self.ended or self.orphans and time.monotonic() < self.ended + GRACE:
            signal.sigtimedwait([signal.SIGCHLD], PERIOD)
            self.look()
        for pid, (_, name) in self.orphans.items():
            self.add('orphan', f'process {pid} ({name}) outlived its parent, and is killed now')
        self.orphans = {}
        while left := below(os.getpid(), processes()):
            for pid in left:
                os.kill(pid, signal.SIGKILL)
            self.look()
        for name in new_names(names, GRACE):
            self.add('shared memory', f'/dev/shm/{name} was not removed')

    def add(self, word, sentence):
        self.found.append((word, sentence))

    def start(self, command):
        """The child waits until we have asked for a stop at its end, too."""
        self.pid = os.fork()
        if self.pid == 0:
            signal.pthread_sigmask(signal.SIG_SETMASK, [])
            # A sanitizer's search for leaks would use ptrace itself.
            os.environ['ASAN_OPTIONS'] = os.environ.get('ASAN_OPTIONS', '') + ':detect_leaks=0'
            os.kill(os.getpid(), signal.SIGSTOP)
            try:
                os.execvp(command[0], command)
            except OSError as error:
                print(f'{command[0]}: {error.strerror}', file=sys.stderr)
            os._exit(127)
        os.waitpid(self.pid, os.WUNTRACED)
        self.had = descriptors(self.pid)
        if libc.ptrace(PTRACE_SEIZE, self.pid, 0, PTRACE_O_TRACEEXIT | PTRACE_O_EXITKILL) == -1:
            print('ptrace(2) is not permitted here: no descriptor is found.', file=sys.stderr)
        os.kill(self.pid, signal.SIGCONT)

    def look(self):
        """At all below us. Our own children are the program, and who lost its parent."""
        now, table = time.monotonic(), processes()
        for pid in below(os.getpid(), table):
            name, state, parent, _ = table[pid]
            if parent != os.getpid():
                if state == 'Z':
                    self.zombies[pid] = self.zombies.get(pid, (now,))[0], now, name
                continue
            ended, status = os.waitpid(pid, os.WNOHANG)
            if not ended and pid != self.pid:
                self.orphans.setdefault(pid, (now, name))
            elif ended and os.WIFSTOPPED(status):
                self.go_on(os.WSTOPSIG(status), status >> 16)
            elif ended and pid == self.pid:
                self.ended = now
            elif ended:
                self.lost_its_parent(pid, name, now)

    def go_on(self, sig, event):
        """It stopped at its end; as it was told to, by SIGSTOP; or to get a signal."""
        if event == PTRACE_EVENT_EXIT:
            self.at_its_end()
        stays = event == PTRACE_EVENT_STOP and sig != signal.SIGTRAP
        libc.ptrace(PTRACE_LISTEN if stays else PTRACE_CONT, self.pid, 0, 0 if event else sig)

    def at_its_end(self):
        for pid, (name, state, parent, _) in processes().items():
            if parent == self.pid and state == 'Z':
                self.zombies.pop(pid, None)
                self.add('zombie', f'process {pid} ({name}) was never waited for')
        for number, what in sorted(descriptors(self.pid) - self.had):
            if 'pidfd' not in what and 'memfd:multiprocessing' not in what:
                self.add('descriptor', f'{number}, {what}, was never closed')

    def lost_its_parent(self, pid, name, now):
        """It has ended as well: before its parent, or after it."""
        since, _ = self.orphans.pop(pid, (now, name))
        first, last, _ = self.zombies.pop(pid, (now, now, name))
        if last - first >= GRACE:
            self.add('zombie', f'process {pid} ({name}) was never waited for')
        elif now - since >= GRACE:
            self.add('orphan', f'process {pid} ({name}) outlived its parent')


def main():
    faults = []
    for each in program.given():
        audit = Audit(each.command)
        faults += audit.found
        for word, sentence in audit.found:
            print(f'{word}: {sentence} ({LESSONS[word]})', flush=True)
        for pid, (first, last, name) in audit.zombies.items():
            if last - first >= LATE:
                print(f'Process {pid} ({name}) was a zombie for {last - first:.1f} s, until '
                      'its parent waited for it.', file=sys.stderr)
        if not audit.found:
            print('Nothing is left behind.', file=sys.stderr)
    sys.exit(bool(faults))


if __name__ == '__main__':
    main()
