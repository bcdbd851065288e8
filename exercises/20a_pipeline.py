from judge import POLL, Wrong


def until_end(run, reason):
    ended = run.until(lambda: run.status is not None, POLL)
    if run.errors:
        raise Wrong(f'A call failed: {run.errors.strip()}')
    if not ended:
        raise Wrong(reason)
    return run


def check(program):
    run = until_end(program.start(4, 100), 'The producer had ended, and the consumer '
                    'still waited for a number: there was no end of file.')
    run.prints('1\n2\n3\n4\nthe consumer has ended\nthe producer has ended')
    run.succeeds()

    # More than there is room for in the pipe.
    run = until_end(program.start(30000, 1), 'The consumer had ended, and the producer '
                    'still waited for room in the pipe.')
    run.prints('1\nthe consumer has ended\nthe producer has ended')
    run.succeeds()
