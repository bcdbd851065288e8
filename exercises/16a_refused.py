import pathlib
from collections import defaultdict

from judge import POLL, Wrong


def start(program, seconds, name):
    """The run, and a file: what the library knows about the locks."""
    record = pathlib.Path(program.folder, name)
    record.touch()
    return program.start(seconds, launch=['env', f'MP_TRACE={record}']), record


def check(program):
    # The payment takes a minute: one child is in there, and the other one waits.
    # One whose time is over in more than its 3 payments asks again, and is never quiet.
    run, record = start(program, 60, 'slow')
    quiet = not run.until(lambda: run.find('takes 60') and (
        run.count('looks') > 1 or record.read_text().count('late') > 3), sleeps=0.4)
    if run.find('takes 60') and run.count('looks') > 1 and len(run.running()) == 2:
        raise Wrong('While one child was between its look and the end of its '
                    'payment, `looks` was printed again.')
    if quiet and len(run.running()) == 1:
        raise Wrong('While one child was at work, the other one gave up: it had '
                    'ended without a look at the balance.')
    if quiet and not run.find('takes 60'):
        raise Wrong('`takes 60` was not printed.')

    for child in run.children():  # it may ask on and on
        run.kill(child)

    run, record = start(program, 0, 'quick')
    ended = run.until(lambda: run.status is not None, POLL)
    has, since_look, waits = defaultdict(set), set(), {}
    for line in open(record):
        _, pid, _, _, _, what, lock, _ = line.split('\t')
        waits[pid] = what == 'asks' and lock in has[pid]
        if what == 'has':
            has[pid].add(lock)
        elif what == 'leaves':
            has[pid].discard(lock)
        elif what == 'looks':
            since_look.add(pid)
        if not has[pid]:
            since_look.discard(pid)
        if what == 'takes' and pid not in since_look:
            raise Wrong('A child did not have the lock all the time from its look to '
                        'its payment: in between the other child may look, too.')
    if not ended and any(waits.values()):
        after = 'a refused' if run.lines[-1:] == ['looks'] else 'a'
        raise Wrong(f'After {after} payment nobody could go on: the lock was held, '
                    'and its holder waited for it, too.')
    run.until_end()
    if 'released too many times' in run.errors:
        raise Wrong('The lock was released where nobody held it.')
    run.lines = [line for line in run.lines if line.startswith(('looks', 'takes', 'balance'))]
    run.prints('{\n' + 'looks\n|\n' * 6 + 'takes 60\n|\ntakes 30\n}\nbalance 10')
    run.succeeds()
