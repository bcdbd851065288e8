import pathlib

from judge import POLL, Wrong, times


def locks(program, *seconds):
    """Starts it, with a record of what the library knows about the lock. Returns the
    run, and a function: what main has done with the lock so far."""
    record = pathlib.Path(program.folder, f'record-{len(program.runs)}')
    record.touch()
    run = program.start(*seconds, launch=['env', f'MP_TRACE={record}'])

    def of_main():
        lines = [line.split('\t') for line in open(record)]
        return [line[5] for line in lines if line[1] == str(run.pid)]
    return run, of_main


def until_end(run, of_main, when):
    if not run.until(lambda: run.status is not None, POLL):
        did = of_main()
        if did[-1:] == ['asks'] and did.count('has') > did.count('leaves'):
            raise Wrong(f'{when}, main waited for ever for a lock that it had itself: '
                        'it had not released it.')
    run.until_end()


def check(program):
    run, of_main = locks(program, 0, 0, 0)
    until_end(run, of_main, 'After the child had ended')
    if 'released too many times' in run.errors:
        raise Wrong('A lock was released that nobody held.')
    run.lines = [line for line in run.lines if line.startswith(('process', 'from'))]
    run.prints('process <number> begins\nfrom 70, to 30\nfrom 70, to 30')
    if (count := of_main().count('has')) < 2:
        did = 'acquired the lock once' if count else 'never acquired the lock'
        raise Wrong(f'Main called `settle` twice, and {did}.')
    run.succeeds()
    # The child sleeps for a minute at one of three places, and is killed there.
    for place, when, balances in [(0, 'before its first change', 'from 100, to 0'),
                                  (1, 'between its two changes', 'from 70, to 30'),
                                  (2, 'after its last change', 'from 70, to 30')]:
        run, of_main = locks(program, *(60 * (i == place) for i in range(3)))
        run.until_quiet()
        for child in run.children():
            run.kill(child)
        until_end(run, of_main, 'After the child was killed')
        printed = [line for line in run.lines if line.startswith('from')]
        if printed != [balances] * 2:
            wrong = [f'`{line}`' for line in printed if line != balances]
            right = f'`{balances}` {times(len(printed))}' if printed else 'no balances'
            raise Wrong(f'The child was killed {when}, and then main printed '
                        f'{wrong[0] if wrong else right}, and not twice `{balances}`.')
        run.succeeds()
