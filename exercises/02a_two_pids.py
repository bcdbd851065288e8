import re

from judge import Wrong

MP_NONE = str(-2**31)


def check(program):
    # Under fork a wrong parent may look right: it shows under forkserver.
    for method in dict.fromkeys(['fork', program.method, 'forkserver']):
        run = program.run(method=method)
        if run.status:
            run.succeeds()
        main = run.until_line(r'main: .*')
        if main != f'main: {run.pid}':
            raise Wrong(f'Main is process {run.pid}, and printed `{main}`.')
        line = run.until_line('child: .*')
        found = re.fullmatch(r'child: (-?\d+), parent: (-?\d+)', line)
        if not found:
            raise Wrong(f'`{line}` is not of the form `child: 101, parent: 100`.')
        pid, parent = map(int, found.groups())
        if pid == run.pid:
            raise Wrong('The child printed the pid of main for its own: it is the main '
                        'process, or does not ask for its own pid.')
        if (parent == run.pid) != (method != 'forkserver') or parent == pid or parent <= 0:
            raise Wrong(f'Under {method} the child printed `parent: {parent}`, which is '
                        'not its parent for the kernel.')
        started = run.until_line('main started: .*')
        if started != f'main started: {pid}':
            none = ' (that is MP_NONE: it is not started yet, or closed)'
            raise Wrong(f'The child is process {pid}, and main printed `{started}`'
                        f'{none if MP_NONE in started else ""}.')
        run.prints(f'main: <pid:main>\nchild: {pid}, parent: {parent}\nmain started: {pid}')
        run.succeeds()
