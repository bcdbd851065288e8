import signal

from judge import Late, Wrong, stat


def check(program):
    # Both for a minute: main must wait for the child, and for nothing else.
    run = program.start(60, 60).until_quiet()
    run.ran_side_by_side('work', 1)
    if run.lines != ['working']:
        raise Wrong(f'`{run.lines[-1]}` was printed while the child still worked.')
    run.kill(run.children()[0])
    run.until_end(hangs='The child had ended, and main did not go on at once.')
    if not run.find('ended with -9'):
        raise Wrong('The child was killed by signal 9, and main printed '
                    f'`{run.lines[-1]}`, and not `ended with -9`.')

    run = program.run(0, 60)
    run.prints('working\nended with 3')
    run.succeeds()

    # A stopped child takes SIGTERM only when it is continued.
    limit = program.seconds(0.3)
    run = program.start(60, limit)
    run.until_line('working', limit)
    child = run.running()
    if not child:
        raise Late('The child had ended before its time was over.')
    run.kill(child[0], signal.SIGSTOP)
    run.until(lambda: stat(child[0])[0] not in 'RSD', limit)
    if stat(child[0])[0] != 'T':
        raise Late('The child had ended before its time was over.')
    run.until(lambda: len(run.lines) > 1, limit)
    if stat(child[0])[0] in 'ZX':  # no other signal ends a stopped process
        raise Wrong('The child was ended by SIGKILL: it was not asked to end.')
    if len(run.lines) > 1:
        raise Wrong(f'`{run.lines[-1]}` was printed before the child had ended.')
    run.kill(child[0], signal.SIGCONT)
    run.until_end(hangs='`limit` was over, and main did not end the child.')
    run.prints('working\nstopped with -15')
    run.succeeds()
