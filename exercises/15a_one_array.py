from judge import Wrong


def check(program):
    run = program.start(13, 60).until_quiet()
    if run.lines:
        raise Wrong('The array was printed while a child still ran: main did not '
                    'wait for it.' if run.children() else 'The array was printed '
                    'before a child could fill its part: the children had to end.')
    run.ran_side_by_side('fill', 3)

    seconds = program.seconds(0.05)
    for n in 13, 3, 50:
        run = program.run(n, seconds, sleeps=seconds)
        squares = run.lines[0].split() if run.lines else []
        if run.status == 0 and len(squares) != n:
            raise Wrong(f'{len(squares)} numbers were printed, and not {n}.')
        for i, square in enumerate(squares):
            if square != str(i * i):
                raise Wrong(f'squares[{i}] is {square} in main, and not {i * i}.')
        run.succeeds()
