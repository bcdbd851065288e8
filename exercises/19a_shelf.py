import signal
import time

from judge import DEADLINE, Wrong
from patience import patience


def silence(run, seconds):
    """A condition: nothing was printed for so long."""
    began = time.monotonic()
    return lambda: time.monotonic() > seconds + max(
        [began] + [run.began + line.seconds for line in run.lines[-1:]])


def settle(run):
    """Waits until all sleep. Who waits with a time-out, and looks again, does not
    sleep for long: then a short silence must do."""
    run.until(silence(run, patience(0.3)))


def pauses(run):
    """The pids of the children for which main waited, or waits."""
    return [int(line.split()[2]) for line in run.lines if line.startswith('pause')]


def until_pause(run, number):
    is_silent = silence(run, DEADLINE / 2)
    run.until(lambda: len(pauses(run)) == number or is_silent())
    settle(run)
    if said := run.errors.strip():
        raise Wrong('A call of the library failed: '
                    f'`{said.splitlines()[0].rpartition("): ")[2]}`.')


def end_pause(run):
    for pid in pauses(run)[-1:]:
        run.kill(pid)


def check(program):
    # All four consumers wait for an item, and main for the child that sleeps.
    run = program.start(600)
    until_pause(run, 1)
    consumers = set(run.children()) - set(pauses(run))
    if run.find('-1, .*'):
        raise Wrong('A consumer took an item from the empty shelf.')
    end_pause(run)
    until_pause(run, 2)
    if run.find('-1, .*'):
        raise Wrong('The bell rang, and a consumer took an item from the empty shelf.')
    if len(pauses(run)) < 2:
        raise Wrong('Main cannot ring the bell: somebody has the lock, and keeps it.')

    # The consumers are stopped, so the shelf gets full.
    for pid in consumers:
        run.kill(pid, signal.SIGSTOP)
    end_pause(run)
    settle(run)
    if run.find('[+]1, 3 .*'):
        raise Wrong('Main put a third item on the shelf, which has two places.')
    for pid in consumers:
        run.kill(pid, signal.SIGCONT)
    until_pause(run, 3)  # which does not come: until the end
    if run.status is None and not run.find('-1, .*'):
        raise Wrong('Items were on the shelf, and the consumers waited on.')
    if run.status is None and run.count('[+]1, .*') < 4:
        raise Wrong('There was room on the shelf, and main waited on.')
    if run.status is None:
        raise Wrong('Main had put all four items, and a consumer waited on.')
    if run.find('.*, ([3-9]|-).*') or run.count('-1, .*') != 4 or run.count('[+]1, .*') != 4:
        raise Wrong('Not each item was put once and taken once.')
    run.succeeds()
