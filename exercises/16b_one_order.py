import pathlib
from collections import defaultdict

from judge import POLL, Wrong


def check(program):
    record = pathlib.Path(program.folder, 'record')  # the library's, of the locks
    record.touch()
    run = program.start(0, launch=['env', f'MP_TRACE={record}'])
    ended = run.until(lambda: run.status is not None, POLL)
    has, orders, taken, late = defaultdict(list), set(), 0, False
    for line in open(record):
        _, pid, _, _, _, what, lock, _ = line.split('\t')
        if what == 'asks':
            orders |= {(first, lock) for first in has[pid]}
        elif what == 'has':
            has[pid].append(lock)
            taken += 1
        elif what == 'leaves' and lock in has[pid]:
            has[pid].remove(lock)
        late |= what == 'late'
    if move := run.find('moves .* with [^2] .*'):
        raise Wrong(f'`move` ran while the process had only {move.split()[3]} of '
                    'the two locks.')
    if not run.errors and (late or taken > run.count('(takes|inherits) lock .*')):
        raise Wrong('A process asked for a lock, and not by `take`.')
    if any(first != second and (second, first) in orders for first, second in orders):
        raise Wrong('The two locks were taken in different orders: each child may '
                    'then wait for the lock that the other one has.')
    if not ended and any(first == second for first, second in orders):
        raise Wrong('A child waits for a lock that it has itself.')
    run.until_end()
    if run.find('inherits .*') or run.count('leaves lock .') < run.count('takes lock .'):
        raise Wrong('A child ended, and had not released its lock.')
    run.lines = [line for line in run.lines if line.startswith(('moves', 'balances'))]
    run.prints('{\nmoves 10 with 2 locks\n|\nmoves 10 with 2 locks\n}\nbalances 100, 100')
    run.succeeds()
