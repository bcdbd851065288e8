from judge import Wrong


def check(program):
    # Each run ends with the check: an item takes a minute.
    run = program.start(60, 0.001, 0.001, 0.001, 0.001, 0.001).until_quiet()
    if run.lines:
        raise Wrong(f'Item 0 was not over, and `{run.lines[0]}` was printed.')
    run = program.start(0.001, 0.001, 60, 60, 60, 60).until_quiet()
    if run.lines != ['item 0: 1', 'item 1: 2']:
        raise Wrong('Items 0 and 1 were over, and not printed.' if not run.lines else
                    f'Items 0 and 1 were over, and `{run.lines[-1]}` was printed last.')

    run = program.run(0.01, 0.001, 0, 0.001, 0.001, 0.001, sleeps=0.01)
    if run.status == 1 and run.errors:
        raise Wrong(f'An item failed, and the program ended: {run.errors.strip()}')
    run.prints('item 0: 1\nitem 1: 2\nitem 2 failed\nitem 3: 4\nitem 4: 5\nitem 5: 6\n'
               '6 items')
    run.succeeds()
