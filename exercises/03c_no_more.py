from judge import Wrong


def check(program):
    run = program.start(3, 60).until_quiet()
    run.ran_side_by_side('work', 3)
    if run.lines:
        raise Wrong(f'`{run.lines[0]}` was printed while children still ran.')
    run = program.run(3, 0)
    run.prints('started 3 of 3')
    run.succeeds()

    # With so few descriptors not all of them can be started.
    run = program.start(30, 60, descriptors=20).until_quiet()
    started = len(run.children())
    if run.lines:
        raise Wrong(f'A start was refused, and `{run.lines[0]}` was printed while '
                    'children still ran.')
    for child in run.children():
        run.kill(child)
    run.until_end()
    if not run.lines:
        raise Wrong('A start was refused, and main did not print how many it had started: '
                    + run.errors.strip())
    if run.lines != [f'started {started} of 30']:
        raise Wrong(f'Main printed `{run.lines[-1]}`, and had started {started}.')
    if run.status != 1:
        raise Wrong(f'A start was refused, and the status of the program is {run.status}.')
    if not run.errors:
        raise Wrong('A start was refused, and main did not say why on stderr.')
