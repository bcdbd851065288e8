from judge import Wrong, under_each_method


def check_under(program, method):
    run = program.start(5, 60, method=method).until_quiet()
    if run.status is not None:
        run.succeeds()
    if method == 'fork':
        run.ran_side_by_side('multiply', 3)
    run.prints('''
begins
{
5 * 0 = 0
|
5 * 1 = 5
|
5 * 2 = 10
}''')
    run.ran_side_by_side('multiply', 3)
    if method != 'fork' and not run.is_new_image(run.children()[0]):
        raise Wrong('the children were copies of main: the program chose fork itself.')
    for child in run.children():
        run.kill(child)
    run.until_end()
    run.succeeds()


def check(program):
    under_each_method(check_under, program)
