from judge import Wrong


def check(program):
    # The children sleep for a minute, so now all that can happen has happened.
    run = program.start(60).until_quiet()
    run.ran_side_by_side('greet', 3)
    if run.find('end'):
        raise Wrong('`end` was printed while a child still ran: main did not wait for it.')
    for last in range(3):  # each of them once
        run = program.start(60).until_quiet()
        children = run.children()
        for child in children[last + 1:] + children[:last + 1]:
            if run.find('end'):
                raise Wrong('`end` was printed while a child still ran: main did not '
                            'wait for all three.')
            run.kill(child)
            run.until_quiet()
        run.until_line('end')

    run = program.run(program.seconds(0.05), sleeps=program.seconds(0.05))
    run.prints('''
{
hello alvin:0
|
hello alvin:1
|
hello alvin:2
}
end''')
    run.succeeds()
    program.closes(0)
