from judge import Wrong


def check(program):
    run = program.start(0, 0, 219, 0, 0, 3, 104, 0).until_quiet()
    if run.find('0 failed'):
        raise Wrong('`0 failed` was printed while an item was still being done.')

    run = program.run(0, 0, 209, 0, 0, 3, 104, 0)
    if run.status == 1 and run.errors:
        raise Wrong(f'An item failed, and the program ended: {run.errors.strip()}')
    run.prints('''
item 2: its worker was killed by signal 9
item 3: its worker was killed by signal 9
item 5: the task returned 3
item 6: its worker ended with status 4
item 7: its worker ended with status 4
5 failed''')
    run.succeeds()

    run = program.run(0, 1, 101, 0, 215, 0, 2, 3)
    run.prints('''
item 1: the task returned 1
item 2: its worker ended with status 1
item 3: its worker ended with status 1
item 4: its worker was killed by signal 15
item 5: its worker was killed by signal 15
item 6: the task returned 2
item 7: the task returned 2
7 failed''')
    run.succeeds()
