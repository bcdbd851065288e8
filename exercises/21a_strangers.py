from judge import POLL, Wrong


def check(program):
    run = program.start(4)
    ended = run.until(lambda: run.status is not None, POLL)
    if run.find('hello from 1'):
        raise Wrong('The stranger was let in.')
    if run.lines[:1] == ['turned away']:
        raise Wrong('A friend was turned away.')
    if run.errors and run.lines == ['hello from 0']:
        raise Wrong('The stranger ended the program.')
    if not ended:
        raise Wrong('Main waited for a visitor, and the visitor for main.'
                    if not run.lines else
                    'Main waited for a visitor that does not come.'
                    if not run.running() else
                    'Main waited for a friend, and the friend for the end of file.')
    if run.lines == ['hello from 0', 'turned away']:
        raise Wrong('After the stranger no other visitor was served.')
    run.prints('hello from 0\nturned away\nhello from 2\nhello from 3')
    run.succeeds()
