import os

from judge import POLL, Wrong


def check(program):
    run = program.start(4, 60).until_quiet()
    if len(run.children()) > 1:
        raise Wrong(f'{len(run.children())} visitors were on their way at once, and not '
                    'one after the other.')

    there = os.listdir(program.folder)
    run = program.start(4, 0)
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
    if set(os.listdir(program.folder)) - set(there):
        raise Wrong('The file of the listener is still there: it was not closed.')
