from judge import Wrong

NAMES = ['ann', 'bob', 'cid']


def check(program):
    for ended in [], ['bob'], ['cid'], ['bob', 'cid']:
        run = program.start(60, 60, 60).until_quiet()
        if [line for line in run.lines if ' is process ' not in line]:
            raise Wrong(f'`{run.lines[-1]}` was printed while ann still ran: main did '
                        'not wait for ann.')
        for name in [*ended, 'ann']:
            run.kill(int(run.find(f'{name} is process .*').split()[-1]))
            run.until_quiet()
        run.until_end(hangs='ann had ended, and main did not go on.')
        run.succeeds()
        for name in NAMES:
            there = run.find(f'{name} still runs')
            if there and name in [*ended, 'ann']:
                raise Wrong(f'`{there}` was printed, and {name} had ended.')
            if not there and name not in [*ended, 'ann']:
                raise Wrong(f'`{name} still runs` was not printed, and {name} still ran.')
        running = [name for name in NAMES if name not in [*ended, 'ann']]
        begun = '\n|\n'.join(f'{name} is process <pid:{name}>' for name in NAMES)
        run.prints('\n'.join(['{', begun, '}', *(f'{name} still runs' for name in running),
                              f'still running: {len(running)}', 'all have ended']))
