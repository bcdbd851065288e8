from judge import POLL, Wrong


def check(program):
    # The payment takes a minute: one child is in there, and the other one waits.
    run = program.start(60).until_quiet()
    if run.count('looks') > 1 and len(run.running()) == 2:
        raise Wrong('While one child was between its look and the end of its '
                    'payment, the other one looked at the balance.')
    if len(run.running()) == 1:
        raise Wrong('While one child was at work, the other one gave up: it had '
                    'ended without a look at the balance.')
    if not run.find('takes 60'):
        raise Wrong('`takes 60` was not printed.')

    run = program.start(0)
    if not run.until(lambda: run.status is not None, POLL) and not run.errors:
        after = 'the first' if run.count('looks') == 1 else 'a refused'
        raise Wrong(f'After {after} payment nobody could go on: the lock was held, '
                    'and its holder waited for it, too.')
    if 'released too many times' in run.errors:
        raise Wrong('The lock was released where nobody held it.')
    run.prints('{\n' + 'looks\n|\n' * 6 + 'takes 60\n|\ntakes 30\n}\nbalance 10')
    run.succeeds()
