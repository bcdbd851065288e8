from judge import Wrong


def check(program):
    # Whoever is inside works for a minute.
    inside = program.start(2, 60, 0).until_quiet().count('enters')
    if inside != 2:
        workers = '1 worker was' if inside == 1 else f'{inside} workers were'
        raise Wrong(f'{workers} inside at once, with 2 places.')
    for crash, what in [(0, 'Nobody was killed'), (1, 'Worker 0 was killed')]:
        run = program.run(5, 0, crash)
        free = run.find('.* places are free')
        if free and free != '5 of 5 places are free':
            raise Wrong(f'{what}, and at the end `{free}`.')
        run.prints('{\n' + '\n|\n'.join(['enters'] * 5) +
                   '\n}\n5 of 5 places are free')
        run.succeeds()
