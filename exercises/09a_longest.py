from judge import POLL, Wrong


def total(run):
    return float(run.until_line(r'total: [\d.]+ s').split()[1])


def check(program):
    run = program.start(60, 60, 60).until_quiet()
    run.ran_side_by_side('work', 3)
    first, middle, last = run.children()
    for child in last, first, middle:
        if run.find('total.*'):
            raise Wrong('`total` was printed while a worker still ran: main did '
                        'not wait for all three.')
        run.kill(child)
        run.until_quiet()
    if not run.until(lambda: run.find('total.*'), POLL):
        raise Wrong('All three workers had ended, and main did not go on.')
    if total(run) > run.lines[-1].seconds:
        raise Wrong(f'`{run.lines[-1]}` was printed, and the program had run for '
                    'less: measure the time, in place of computing it.')

    # A total that is too short, whichever of the three is the longest.
    short, longest = program.seconds(0.02), program.seconds(0.15)
    for place in range(3):
        seconds = [short] * 3
        seconds[place] = longest
        run = program.run(*seconds, sleeps=longest)
        run.prints('''
{
worker 0 begins
|
worker 1 begins
|
worker 2 begins
}
total: <number> s''')
        run.succeeds()
        if total(run) < longest - 0.001:  # it is printed in milliseconds
            raise Wrong(f'The longest worker slept for {longest:.3f} s, and '
                        f'`{run.lines[-1]}` was printed.')
