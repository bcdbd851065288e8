from judge import Wrong


def check(program):
    run = program.start(60, 60, 0).until_quiet()
    if run.errors:
        raise Wrong(f'A call failed: {run.errors.strip()}')
    if not run.find('main is done'):
        raise Wrong('`main is done` was not printed: main waited for a child.')
    if not run.running():
        raise Wrong('The program ended without waiting for the saver.')
    if len(run.running()) > 1:
        raise Wrong('The program waits for the logger.')

    seconds = program.seconds(0.05)
    run = program.start(60, seconds, 0)
    run.until_end(seconds, hangs='The program waits for the logger.')
    run.prints('{\nmain is done\n|\nsaved\n}')  # in any order, on a busy machine
    run.succeeds()

    run = program.start(60, 60, 60).until_quiet()
    if len(run.running()) != 2:
        raise Wrong('While main still works, the logger does not run.')
