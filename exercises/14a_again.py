from judge import Wrong, times


def check_with(program, kills):
    run = program.run(*kills)
    if run.status and run.status < 0:
        run.succeeds()
    if run.status == 1 and run.errors:
        raise Wrong('An item was lost or refused, and the program ended: '
                    f'{run.errors.strip()}')
    for i, kill in enumerate(kills):
        began = run.count(f'task {i} begins')
        if began != kill + 1:
            raise Wrong(f'Task {i} began {times(began)}, and not {times(kill + 1)}.')
    ends = [f'item {i} {"was refused" if i == 3 else "is done"}' for i in range(6)]
    if (said := [line for line in run.lines if 'begins' not in line]) != ends:
        raise Wrong(f'Main printed {said}, and not {ends}.')
    run.succeeds()


def check(program):
    check_with(program, [0, 1, 0, 0, 2, 0])
    check_with(program, [0, 0, 0, 2, 0, 3])
