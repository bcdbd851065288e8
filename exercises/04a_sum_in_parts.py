import re

from judge import Wrong


def check(program):
    run = program.start(1000, 60).until_quiet()
    if run.find('the sum is .*'):
        raise Wrong('The sum was printed before the children had computed it.')
    run.ran_side_by_side('part', 3)

    # Under fork alone an address of the parent's also names memory of the child's.
    for method in dict.fromkeys(['fork', 'spawn', program.method]):
        for n in 6, 1000:  # 21 is small enough for an exit code
            run = program.run(n, 0, method=method)
            right = f'the sum is {n * (n + 1) // 2}'
            if run.lines and not run.find(right):
                small = re.fullmatch(r'the sum is (\d+)', run.lines[-1])
                why = ' (an exit code has 8 bits)' if small and int(small[1]) < 3 * 256 < n else ''
                raise Wrong(f'For n = {n} it printed `{run.lines[-1]}`, and not `{right}`{why}.')
            run.prints(right)
            run.succeeds()
    run = program.run(20, 0)
    if not run.find('the sum is 210'):
        raise Wrong(f'For n = 20 it printed `{run.lines[-1]}`: 20 is no multiple of 3.')
