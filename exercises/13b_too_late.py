from judge import Late, Wrong


def check(program):
    run = program.start(60, 60).until_quiet()
    if not run.find('waiting'):
        raise Wrong('`waiting` was not printed while the items were being done.')
    if run.lines != ['waiting']:
        raise Wrong(f'`limit` was not over, and `{run.lines[-1]}` was printed.')

    run = program.start(0.02, 60)
    if not run.until(lambda: run.find('too late|sum .*'), program.seconds(0.05)):
        raise Wrong('All results were there, and main did not go on.')
    run.until_end()
    if run.find('too late'):
        raise Late('The results were there in time, and `too late` was printed.')
    if run.lines[-1] != 'sum 10':
        raise Wrong(f'`{run.lines[-1]}` was printed, and not `sum 10`.')
    run.prints('waiting\nsum 10')
    run.succeeds()

    limit = program.seconds(0.05)
    run = program.start(60, limit)
    run.until_end(limit, hangs='`limit` was over, and the program did not end.')
    run.prints('waiting\ntoo late')
    run.succeeds()
