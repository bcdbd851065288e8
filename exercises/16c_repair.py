from judge import Wrong


def check(program):
    run = program.run(0, 0, 0)
    if 'released too many times' in run.errors:
        raise Wrong('A lock was released that nobody held.')
    run.prints('process <number> begins\nfrom 70, to 30\nfrom 70, to 30')
    run.succeeds()
    # The child sleeps for a minute at one of three places, and is killed there.
    for place, when, balances in [(0, 'before its first change', 'from 100, to 0'),
                                  (1, 'between its two changes', 'from 70, to 30'),
                                  (2, 'after its last change', 'from 70, to 30')]:
        run = program.start(*(60 * (i == place) for i in range(3))).until_quiet()
        for child in run.children():
            run.kill(child)
        run.until_end(hangs='After the child was killed, the second `settle` waited '
                      'for the lock for ever: the first had not released it.')
        printed = [line for line in run.lines if line.startswith('from')]
        if printed != [balances] * 2:
            wrong = [f'`{line}`' for line in printed if line != balances]
            raise Wrong(f'The child was killed {when}, and then main printed '
                        f'{wrong[0] if wrong else "no balances"}, and not twice '
                        f'`{balances}`.')
        run.succeeds()
