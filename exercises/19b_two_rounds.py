import time

from judge import POLL, Wrong


def check(program):
    # Worker 0 needs a minute for round 1. A short sleep or time-out is over by then.
    run = program.start(60).until_quiet()
    time.sleep(0.3)
    run.until_quiet()
    if early := run.find('the sum .*'):
        raise Wrong(f'Worker 0 was still in round 1, and another one printed `{early}`.')
    if len(run.running()) < 3 and run.errors:
        raise Wrong(f'A call failed: {run.errors.strip()}')

    run = program.start(0)
    if not run.until(lambda: run.status is not None, POLL) and not run.errors:
        raise Wrong('All workers wait at the barrier, for ever.')
    run.prints('{\nround 1\nthe sum is 321\n|\nround 1\nthe sum is 321\n|\n'
               'round 1\nthe sum is 321\n}')
    run.succeeds()
