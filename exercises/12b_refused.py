from judge import Wrong


def check(program):
    run = program.start(60).until_quiet()
    if run.lines:
        raise Wrong(f'`{run.lines[0]}` was printed while its task still ran.')

    seconds = program.seconds(0.02)
    run = program.run(seconds, sleeps=2 * seconds)
    if run.status == 1 and run.errors:
        raise Wrong(f'A task failed, and the program ended: {run.errors.strip()}')
    run.prints('\n'.join(f'{n * n} failed' if n % 2 else f'{n * n} has the root {n}'
                         for n in range(1, 9)))
    run.succeeds()
