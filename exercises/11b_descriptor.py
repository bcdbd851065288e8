from judge import Wrong, under_each_method


def check_under(program, method):
    run = program.start(60, method=method).until_quiet()
    if run.errors:
        raise Wrong(f'a call failed: {run.errors.strip()}')
    if run.find('end') and run.children():
        raise Wrong('`end` was printed while a child still ran: main did not wait for it.')
    run.ran_side_by_side('note', 2)
    if method != 'fork' and not run.is_new_image(run.children()[0]):
        raise Wrong('the children were copies of main: the program chose fork itself.')

    seconds = program.seconds(0.02)
    run = program.run(seconds, sleeps=seconds, method=method)
    run.prints('''
{
child 0 was here
|
child 1 was here
}
end''')
    run.succeeds()
    program.closes(0, method=method)


def check(program):
    under_each_method(check_under, program)
