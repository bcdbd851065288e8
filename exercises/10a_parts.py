from collections import Counter

from judge import Wrong


def check_parts(run, n, count):
    """The lines of add_up: each number once, and parts of one size."""
    parts = [tuple(map(int, line.split(' to '))) for line in run.lines if ' to ' in line]
    if len(parts) != count:
        raise Wrong(f'{len(parts)} parts were added, and not {count}.')
    added = Counter(number for part in parts for number in range(*part))
    for number in range(n):
        if added[number] != 1:
            raise Wrong(f'{number} was added by two processes.' if added[number]
                        else f'No process added {number}.')
    if more := set(added) - set(range(n)):
        raise Wrong(f'{min(more)} was added, and n is {n}.')
    sizes = sorted(to - begin for begin, to in parts)
    if sizes[-1] > sizes[0] + count:
        raise Wrong(f'One process added {sizes[-1]} numbers, and another one {sizes[0]}.')


def check(program):
    run = program.start(100, 3, 60).until_quiet()
    run.ran_side_by_side('add_up', 3)
    if run.find('sum .*'):
        raise Wrong('`sum` was printed while a child still ran: main did not wait for it.')
    check_parts(run, 100, 3)

    seconds = program.seconds(0.1)
    for n, count in (100, 3), (50, 7):
        run = program.run(n, count, seconds, sleeps=seconds)
        check_parts(run, n, count)
        line, right = run.until_line('sum .*'), f'sum {n * (n - 1) // 2}'
        if line != right:
            raise Wrong(f'`{line}` was printed, and not `{right}`.')
        run.succeeds()

    # Each child that runs needs a descriptor, so here some cannot be started.
    run = program.run(100, 20, 0, descriptors=16)
    if run.status == 0:
        raise Wrong('A child could not be started (no descriptor was left), and the '
                    'program ended with status 0, as if all was well.')
