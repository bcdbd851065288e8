from judge import Wrong


def check(program):
    run = program.start(60).until_quiet()
    if run.errors:
        raise Wrong(f'A call failed, and the program gave up: {run.errors.strip()}')
    if not run.find('hi python'):
        raise Wrong('`hi python` was not printed'
                    + (': no child was started.' if run.started_nobody() else '.'))
    run.ran_side_by_side('greet', 1)
    if run.find('bye'):
        raise Wrong('`bye` was printed while the child still ran: main did not wait for it.')

    run = program.run(0)
    run.prints('hi python\nbye')
    run.succeeds()
    program.closes(0)

    # Without descriptors no child can be started.
    run = program.run(0, descriptors=4)
    if run.find('bye'):
        raise Wrong('The start was refused, and `bye` was printed as if nothing were wrong.')
    if run.status == 0 or not run.errors:
        raise Wrong('The start was refused, and the program did not say so.')
