from judge import POLL, Wrong


def check(program):
    run, held = program.start(1, 3, 60), []
    for attempt in 1, 2, 3:
        run.until_quiet()
        if held and (run.status is not None or not run.children()):
            break
        if run.children() and len(run.lines) >= attempt:
            raise Wrong(f'`{run.lines[attempt - 1]}` was printed while the child still ran.')
        run.ran_side_by_side('work', 1)
        held.append(len(run.descriptors()))
        run.kill(run.children()[0])
        run.until(lambda: len(run.lines) >= attempt, POLL)
    run.until_quiet()
    if not run.lines:
        raise Wrong('No exit code was printed, though the child was killed.')
    if run.lines[0] != 'attempt 1: exit code -9':
        raise Wrong(f'The first child was killed by signal 9, and main printed `{run.lines[0]}`.')
    if run.errors:
        raise Wrong(f'After the first child a call failed: {run.errors.strip()}')
    if len(held) == 1:
        raise Wrong('The first child was killed, and no second attempt was made.')
    if max(held) > held[0]:
        raise Wrong('Main has more descriptors with each attempt: objects were not closed.')

    run = program.run(2, 3, 0)
    run.prints('attempt 1: exit code 1\nattempt 2: exit code 0')
    run.succeeds()
    run = program.run(9, 3, 0)
    run.prints('\n'.join(f'attempt {i}: exit code 1' for i in (1, 2, 3)) + '\ngave up')
    if run.status != 1:
        raise Wrong(f'Main gave up, and the status of the program is {run.status}, and not 1.')
