import signal

from judge import Wrong


def end_pause(run, number):
    """Kills the child for which main waits, and waits until all sleep again."""
    run.until_quiet()
    pauses = [line for line in run.lines if line.startswith('pause')]
    if len(pauses) == number:
        run.kill(int(pauses[-1].split()[2]))
        run.until_quiet()
    if said := run.errors.strip():
        raise Wrong('A call of the library failed: '
                    f'`{said.splitlines()[0].rpartition("): ")[2]}`.')


def check(program):
    # All four consumers wait for an item, and main for the child that sleeps.
    run = program.start(60).until_quiet()
    consumers = set(run.children()) - {int(line.split()[2]) for line in run.lines
                                       if line.startswith('pause')}
    if run.find('-1, .*'):
        raise Wrong('A consumer took an item from the empty shelf: it did not wait.')
    end_pause(run, 1)
    if run.find('-1, .*'):
        raise Wrong('The bell rang, and a consumer took an item from the empty shelf.')

    # The consumers are stopped, so the shelf gets full.
    for pid in consumers:
        run.kill(pid, signal.SIGSTOP)
    end_pause(run, 2)
    if run.find('[+]1, 3 .*'):
        raise Wrong('Main put a third item on the shelf, which has two places.')
    for pid in consumers:
        run.kill(pid, signal.SIGCONT)
    end_pause(run, 3)
    if run.status is None and not run.find('-1, .*'):
        raise Wrong('Items were on the shelf, and the consumers waited on.')
    if run.status is None and run.count('[+]1, .*') < 4:
        raise Wrong('There was room on the shelf, and main waited on.')
    if run.status is None:
        raise Wrong('Main had put all four items, and a consumer waited on.')
    if run.find('.*, ([3-9]|-).*') or run.count('-1, .*') != 4 or run.count('[+]1, .*') != 4:
        raise Wrong('Not each item was put once and taken once.')
    run.succeeds()
