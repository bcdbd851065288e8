import re
from collections import Counter

from judge import Wrong, times


def check(program):
    run = program.start(13, 60).until_quiet()
    if run.find(r'[-\d ]+'):
        raise Wrong('The array was printed while a child still ran: main did not '
                    'wait for it.' if run.children() else 'The array was printed '
                    'before a child could fill its part: the children had to end.')
    run.ran_side_by_side('fill', 3)

    seconds = program.seconds(0.05)
    for n in 13, 3, 50:
        run = program.run(n, seconds, sleeps=seconds)
        squares = (run.find(r'[-\d ]+') or '').split()
        if run.status == 0 and len(squares) != n:
            raise Wrong(f'{len(squares)} numbers were printed, and not {n}.')
        for i, square in enumerate(squares):
            if square != str(i * i):
                raise Wrong(f'squares[{i}] is {square} in main, and not {i * i}.')
        run.succeeds()
        parts = [range(int(part[1]), int(part[2]) + 1) for part in
                 map(re.compile(r'(\d+) to (-?\d+)').fullmatch, run.lines) if part]
        for i, filled in Counter(i for part in parts for i in part).items():
            if filled > 1:
                raise Wrong(f'squares[{i}] was filled {times(filled)}: each child is '
                            'to fill a part of its own.')
        if not all(parts):
            raise Wrong('A child had nothing to fill.')
