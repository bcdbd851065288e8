from judge import Wrong


def check(program):
    run = program.start(*[60] * 6).until_quiet()
    if run.status is not None:
        run.succeeds()
    workers, tasks = len(run.children()), run.count('task . begins')
    if not workers:
        run.ran_side_by_side('square', 3)
    if tasks == 1:
        raise Wrong('1 task ran at the same time, and not 3.')
    if workers != 3:
        raise Wrong(f'The pool has {workers} workers, and not 3.')
    if tasks != 3:
        raise Wrong(f'{tasks} tasks ran at the same time, and not 3.')
    if line := run.find(r'\d+'):
        raise Wrong(f'`{line}` was printed while the tasks still ran.')

    run = program.start(60, *[0] * 5).until_quiet()
    if run.count('task . begins') != 6:
        raise Wrong('Main waited for a result before it had submitted all six tasks.')

    run = program.start(0, *[60] * 5).until_quiet()
    if line := run.find(r'(?!1$)-?\d+'):
        raise Wrong(f'For task 1 main printed `{line}`, and not `1`.')
    if not run.find('1'):
        raise Wrong('Task 1 was done, and `1` was not printed while other tasks still ran: '
                    'main waited for all of them.')

    seconds = program.seconds(0.02)
    run = program.run(*[seconds] * 6, sleeps=3 * seconds)
    tasks = [f'task {number} begins' for number in range(1, 7)]
    run.prints('{\n' + '\n|\n'.join([*tasks, '1\n4\n9\n16\n25\n36']) + '\n}')
    run.succeeds()
