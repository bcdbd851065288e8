import time

from judge import POLL, Wrong


def check(program):
    # Both consumers work for a minute. A short time-out is over by then.
    run = program.start(2, 60).until_quiet()
    time.sleep(0.3)
    run.until_quiet()
    if run.find('all are done'):
        raise Wrong('`all are done` was printed while the consumers still worked.')

    run = program.start(5, 0)
    ended = run.until(lambda: run.status is not None, POLL)
    if run.errors:
        raise Wrong(f'A call failed: {run.errors.strip()}')
    if not ended:
        raise Wrong('Items were left in the queue, and main waited on.'
                    if run.count('works on .*') < 5 else
                    'All items were done, and a consumer waited for one more.'
                    if run.find('all are done') else
                    'All items were worked on, and main waited on.')
    run.prints('{\n' + '\n|\n'.join(f'works on {i}' for i in range(1, 6)) +
               '\n}\nall are done\nno more\nno more')
    run.succeeds()
