from judge import POLL, Wrong

EOF, BROKEN = 'end of file', 'cannot send a message: Broken pipe'


def until_end(run, said, reason):
    ended = run.until(lambda: run.status is not None, POLL)
    if run.errors:
        raise Wrong(f'A call failed: {run.errors.strip()}')
    if not ended:
        raise Wrong('The program does not end.' if run.find(said) else reason)


def check(program):
    run = program.start(4, 100)
    until_end(run, EOF, 'Nobody sent any more, and there was no end of file.')
    run.prints(f'1\n2\n3\n4\n{EOF}\nthe consumer has ended\nthe producer has ended')
    run.succeeds()

    run = program.start(10000, 1)  # more than there is room for in the pipe
    until_end(run, BROKEN, 'Nobody received any more, and `send` did not fail.')
    if run.count(BROKEN) > 1:
        raise Wrong('`send` was called again after it had returned false.')
    run.prints(f'1\n{{\nthe consumer has ended\n|\n{BROKEN}\n}}\nthe producer has ended')
    run.succeeds()
