from judge import Wrong


def check(program):
    # Whoever is inside works for ten minutes.
    run = program.start(2, 600, 600, 0)
    run.until(lambda: run.count('enters') >= 2)
    run.settle()
    if (inside := run.count('enters')) != 2:
        workers = '1 worker was' if inside == 1 else f'{inside} workers were'
        raise Wrong(f'{workers} inside at once, with 2 places.')

    for crash, what in [(0, 'Nobody was killed'), (1, 'Worker 0 was killed')]:
        run = program.run(5, 0, 0, crash)
        last = run.find('worker 4: .*')
        free = last and last.partition(', ')[2]
        if free and free != '5 of 5 places are free':
            raise Wrong(f'{what}, and at the end `{free}`.')
        codes = [-9 if crash else 0, 1, 0, 0]
        for number, code in enumerate(codes):
            line = run.find(f'worker {number}: .*')
            if line and not line.startswith(f'worker {number}: exit code {code},'):
                raise Wrong(f'{what}, and it was printed: `{line}`. The exit code '
                            f'must be {code}.')
        run.prints('{\n' + 'enters\n|\n' * 5 + '\n'.join(
            f'worker {number}: exit code {code}, <number> of 5 places are free'
            for number, code in enumerate(codes))
            + '\nworker 4: exit code 0, 5 of 5 places are free\n}')
        run.succeeds()

    # All but worker 0 have left, and main waits for it.
    run = program.start(5, 600, 0, 0)
    run.until(lambda: run.count('enters') == 5 and len(run.running()) == 1)
    for pid in run.running():
        run.kill(pid)
    line = run.until_line('worker 0: .*')
    if line != 'worker 0: exit code -9, 5 of 5 places are free':
        raise Wrong(f'All others had left when worker 0 was killed, and then `{line}`.')
