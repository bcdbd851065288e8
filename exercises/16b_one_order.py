from judge import POLL, Wrong


def check(program):
    # After its first lock a child sleeps for a minute.
    slow = program.start(60).until_quiet()
    run = program.start(0)
    ended = run.until(lambda: run.status is not None, POLL) or run.errors
    if move := run.find('moves .* with [^2] .*'):
        raise Wrong(f'`move` ran while the process had only {move.split()[3]} of '
                    'the two locks.')
    if slow.find('takes lock 0') and slow.find('takes lock 1'):
        raise Wrong('The children began with different locks: each then waits for '
                    'the lock that the other one has.')
    if not ended:
        raise Wrong('A child waits for a lock that it has itself.')
    if run.find('inherits .*') or run.count('leaves .*') < run.count('takes .*'):
        raise Wrong('A child ended, and had not released its lock.')
    run.prints('''
{
takes lock 0
|
leaves lock 0
|
takes lock 0
|
leaves lock 0
|
takes lock 1
|
leaves lock 1
|
takes lock 1
|
leaves lock 1
|
moves 10 with 2 locks
|
moves 10 with 2 locks
}
balances 100, 100''')
    run.succeeds()
