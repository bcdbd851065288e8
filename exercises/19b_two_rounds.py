import time

from judge import POLL, Wrong


def check(program):
    # Worker 0 needs ten minutes for round 1. A short sleep or time-out is over by then.
    run = program.start(600)
    run.until(lambda: run.count('round 1') == 3)
    run.settle()
    time.sleep(0.5)
    run.settle()
    if early := run.find('the sum .*'):
        raise Wrong(f'A sum was printed before all had finished round 1: `{early}`.')
    if len(run.running()) < 3 and run.errors:
        raise Wrong(f'A call failed: {run.errors.strip()}')

    run = program.start(0)
    if not run.until(lambda: run.status is not None, POLL) and not run.errors:
        raise Wrong('Nobody needed any time, and the workers do not go on: they wait '
                    'for ever, or for a time that was guessed.')
    run.prints('{\nround 1\nthe sum is 321\n|\nround 1\nthe sum is 321\n|\n'
               'round 1\nthe sum is 321\n}')
    run.succeeds()
