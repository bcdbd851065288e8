from judge import Wrong

SENTENCE = 'daemonic processes are not allowed to have children'


def check(program):
    run = program.start(0, 60).until_quiet()
    if len(run.children()) != 2:
        raise Wrong('The boss is no daemon, and no helper was started.')
    run = program.run(0, 0)
    run.prints('helper\nboss: exit code 7')
    run.succeeds()

    run = program.start(1, 60).until_quiet()
    if run.find('helper'):
        raise Wrong('The boss is a daemon, and yet `helper` was printed.')
    if not run.find('refused: .*'):
        raise Wrong('The start was refused, and the boss did not say so.')
    run.until_end()
    if run.errors:
        raise Wrong(f'After the refusal another call failed: {run.errors.strip()}')
    run.prints(f'refused: {SENTENCE}\nboss: exit code 1')
    run.succeeds()
