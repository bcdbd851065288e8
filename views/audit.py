"""Reports what a program leaves behind. The status is 1 where it is something.

zombie         a child that had ended, and that the program never waited for
orphan         a process that still ran 0.2 s after its parent had ended
descriptor     what the program opened, and what was open at its very end; but not the
               library's arena, and not a pidfd of an object that was not closed
shared memory  a new name in /dev/shm that stays, and that no other program uses

Linux gives each process whose own parent has ended to this one (prctl(2),
PR_SET_CHILD_SUBREAPER), and stops the program at its very end (ptrace(2))."""

import contextlib
import ctypes
import os
import pathlib
import signal
import subprocess
import sys
import time

import program

# Of <sys/prctl.h> and <sys/ptrace.h>. The options: EXITKILL, TRACEEXEC, TRACEEXIT.
PR_SET_CHILD_SUBREAPER, PTRACE_TRACEME, PTRACE_CONT, PTRACE_SETOPTIONS = 36, 0, 7, 0x4200
PTRACE_OPTIONS, PTRACE_EVENT_EXIT = 0x100000 | 0x10 | 0x40, 6
PERIOD = 0.01  # seconds between two looks
GRACE = 0.2    # seconds in which a process may notice that its parent has ended
LESSONS = {'zombie': 'lifecycle_states', 'orphan': 'daemon_true',
           'descriptor': 'start_methods', 'shared memory': 'shared_memory'}
PARENT = 4  # field of /proc/PID/stat
libc = ctypes.CDLL(None)
libc.ptrace.argtypes = [ctypes.c_long] * 4


def processes(name):
    """The text of /proc/PID/NAME, by PID. Processes that have just ended, and another
    user's, may be missing."""
    texts = {}
    for pid in filter(str.isdigit, os.listdir('/proc')):
        with contextlib.suppress(OSError):
            path = pathlib.Path(f'/proc/{pid}/{name}')
            texts[int(pid)] = path.read_text(errors='replace')
    return texts


def with_field(number, value):
    """The name and the state of each process that has this value there in its stat."""
    found = {}
    for pid, text in processes('stat').items():
        start, _, rest = text.rpartition(') ')
        if rest.split()[number - 3] == str(value):
            found[pid] = start.partition('(')[2], rest[0]
    return found


def session(leader):
    """The processes of a session: all that its leader made, unless they hid."""
    found = []
    for pid in map(int, filter(str.isdigit, os.listdir('/proc'))):
        with contextlib.suppress(OSError):
            if os.getsid(pid) == leader:  # faster than with_field
                found.append(pid)
    return found


def shm_names():
    return set(os.listdir('/dev/shm'))


def new_names(before, seconds):
    """Names in /dev/shm that are new, that stay, and that no process uses: other
    programs' names come and go."""
    until = time.monotonic() + seconds
    while (new := shm_names() - before) and time.monotonic() < until:
        time.sleep(PERIOD)
    used = ''.join(processes('maps').values()) if new else ''
    return sorted(name for name in new if f'/dev/shm/{name}\n' not in used)


def descriptors(pid):
    folder = f'/proc/{pid}/fd'
    return {(int(fd), os.readlink(f'{folder}/{fd}')) for fd in os.listdir(folder)}


def start(command):
    """It stops before its first instruction, and at its end."""
    def trace_me():
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        libc.ptrace(PTRACE_TRACEME, 0, 0, 0)

    # A sanitizer's search for leaks would use ptrace itself.
    os.environ['ASAN_OPTIONS'] = os.environ.get('ASAN_OPTIONS', '') + ':detect_leaks=0'
    try:
        main = subprocess.Popen(command, close_fds=False, preexec_fn=trace_me)
    except OSError as error:
        sys.exit(f'{command[0]}: {error.strerror}')
    if not os.WIFSTOPPED(os.waitpid(main.pid, 0)[1]):
        sys.exit('This needs ptrace(2), which is not permitted here.')
    libc.ptrace(PTRACE_SETOPTIONS, main.pid, 0, PTRACE_OPTIONS)
    return main


def at_its_end(pid, had):
    for child, (name, state) in with_field(PARENT, pid).items():
        if state == 'Z':
            yield 'zombie', f'process {child} ({name}) was never waited for'
    for number, what in sorted(descriptors(pid) - had):
        if 'pidfd' not in what and 'memfd:multiprocessing' not in what:
            yield 'descriptor', f'{number}, {what}, was never closed'


def audit(command):
    """Runs it. Yields pairs: a word, and a sentence."""
    names, since, orphans, ended = shm_names(), {}, {}, None
    main = start(command)
    had = descriptors(main.pid)
    libc.ptrace(PTRACE_CONT, main.pid, 0, 0)
    while not ended or with_field(PARENT, os.getpid()) and now < ended + GRACE:
        signal.sigtimedwait([signal.SIGCHLD], PERIOD)
        now = time.monotonic()
        for pid, process in with_field(PARENT, os.getpid()).items():
            changed, status = os.waitpid(pid, os.WNOHANG)
            if changed and os.WIFSTOPPED(status):
                event = status >> 16
                if event == PTRACE_EVENT_EXIT:
                    yield from at_its_end(pid, had)
                libc.ptrace(PTRACE_CONT, pid, 0, 0 if event else os.WSTOPSIG(status))
            elif pid == main.pid:
                ended = now if changed else None
            elif not changed and now >= since.setdefault(pid, now) + GRACE:
                orphans[pid] = process
    for pid, (name, _) in {**orphans, **with_field(PARENT, os.getpid())}.items():
        yield 'orphan', f'process {pid} ({name}) outlived its parent'
    while left := with_field(PARENT, os.getpid()):
        for pid in left:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    for name in new_names(names, GRACE):
        yield 'shared memory', f'/dev/shm/{name} was not removed'


if __name__ == '__main__':
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C is for the program
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
    given = [each for each in program.given() if not each.launch]
    if not given:
        sys.exit('This program runs under mpirun, which leaves things of its own.')
    found = [pair for each in given for pair in audit(each.command)]
    for word, sentence in found:
        print(f'{word}: {sentence} (make read-{LESSONS[word]})')
    if not found:
        print('Nothing is left behind.', file=sys.stderr)
    sys.exit(bool(found))
