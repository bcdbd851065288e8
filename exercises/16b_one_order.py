from judge import POLL, Wrong


def check(program):
    # After its first lock a child sleeps for a minute.
    run = program.start(60).until_quiet()
    if move := run.find('moves .* with [^2] .*'):
        raise Wrong(f'`move` ran while the process had only {move.split()[3]} of '
                    'the two locks.')
    if run.find('takes lock 0') and run.find('takes lock 1'):
        raise Wrong('The children began with different locks: each then waits for '
                    'the lock that the other one has.')

    run = program.start(0)
    if not run.until(lambda: run.status is not None, POLL) and not run.errors:
        raise Wrong('A child waits for a lock that it has itself.')
    if move := run.find('moves .* with [^2] .*'):
        raise Wrong(f'`move` ran while the process had only {move.split()[3]} of '
                    'the two locks.')
    if run.find('inherits .*'):
        raise Wrong('A child ended, and had not released its lock.')
    run.prints('''
{
takes lock 0
|
takes lock 0
|
takes lock 1
|
takes lock 1
|
moves 10 with 2 locks
|
moves 10 with 2 locks
}
balances 100, 100''')
    run.succeeds()
