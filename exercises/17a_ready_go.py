import time

from judge import POLL, Awake, Sleep, Wrong
from patience import patience


def settle(runs):
    """Waits until all sleep; but not for long, since one may look again and again."""
    end = time.monotonic() + patience(0.3)
    for run in runs:
        run.until(lambda: time.monotonic() > end)


def look(pid):
    try:
        return Sleep([f'/proc/{pid}/task/{pid}'])
    except Awake:
        return None


def sleeps_through(before, after):
    if not (before and after):
        return False
    [(call, _)], [(then, _)] = after.tasks.values(), before.tasks.values()
    # The library's own waits wake by the clock, so it does not count how often.
    return after.goes_on(before) or call == then not in ('', 'unknown')


def restless(run):
    """The processes that do not sleep through, in any of twenty short times."""
    found = {run.pid, *run.running()}
    for _ in range(20):
        before = {pid: look(pid) for pid in found & {run.pid, *run.running()}}
        time.sleep(0.1)
        found = {pid for pid in before if not sleeps_through(before[pid], look(pid))}
        if not found:
            break
    return found


def check(program):
    # One runner needs ten minutes, and the two others are ready.
    runs = [program.start(*(600 if number == late else 0 for number in range(3)), 0)
            for late in range(3)]
    # All are ready, and main needs ten minutes to say `go`.
    runs.append(program.start(0, 0, 0, 600))
    for run in runs:
        run.until(lambda: run.count('ready') >= (3 if run == runs[3] else 2))
    settle(runs)
    if found := restless(runs[0]):
        who = 'Main' if runs[0].pid in found else 'A runner that was ready'
        raise Wrong(f'{who} did not sleep until `go`: it looked again and again.')
    # Nothing may come, also not when a short sleep or time-out is over.
    time.sleep(0.5)
    settle(runs)
    for run in runs:
        if run.find('go') and run.lines[:run.lines.index('go')].count('ready') < 3:
            raise Wrong('`go` was printed before all runners were ready.')
        if run.find('runs') and not run.find('go'):
            raise Wrong('A runner ran before `go`.')

    run = program.start(0, 0, 0, 0)
    ended = run.until(lambda: run.status is not None, POLL)
    if not ended and not run.errors and run.count('ready') > 2:
        seen, who = ('`go` was printed', 'a runner') if run.find('go') else \
            ('All three were ready', 'main')
        raise Wrong(f'{seen}, and {who} did not go on: it waits for ever, or for a '
                    'time that was guessed.')
    run.prints('{\n' + '\n|\n'.join(['ready'] * 3) + '\n}\ngo\n{\n'
               + '\n|\n'.join(['runs'] * 3 + ['ready\nruns']) + '\n}')
    run.until_end()
    run.succeeds()
