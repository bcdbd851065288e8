import time

from judge import POLL, Wrong


def call_failed(run):
    if run.errors:
        raise Wrong(f'A call failed: {run.errors.strip()}')


def check(program):
    # Both consumers work for ten minutes, or have worked, and main's report takes
    # ten. A short time-out is over by then.
    work, report = runs = program.start(2, 600, 0), program.start(2, 0, 600)
    for wait in 0.8, 0:
        for run in runs:
            run.until(lambda: run.count('works on .*') == 2)
            run.settle()
        time.sleep(wait)
    if work.find('all are done'):
        raise Wrong('`all are done` was printed while the consumers still worked.')
    call_failed(report)
    if report.find('all are done'):
        raise Wrong('`all are done` was printed, and not by `report`.')
    if report.find('no more'):
        raise Wrong('`no more` was printed before `all are done`: a consumer ended '
                    'before main was to tell it that no more come.')

    run = program.start(5, 0, 0)
    ended = run.until(lambda: run.status is not None, POLL)
    call_failed(run)
    if not ended:
        raise Wrong('Items were left in the queue, and main waited on.'
                    if run.count('works on .*') < 5 else
                    'All items were done, and a consumer waited for one more.'
                    if run.find('all are done') else
                    'All items were worked on, and main waited on.')
    run.prints('{\n' + '\n|\n'.join(f'works on {i}' for i in range(1, 6)) +
               '\n}\nall are done\nno more\nno more')
    run.succeeds()
