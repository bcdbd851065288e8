import time

from judge import POLL, Awake, Sleep, Wrong


def look(pid):
    try:
        return Sleep([f'/proc/{pid}/task/{pid}'])
    except Awake:
        return None


def restless(run):
    """The children that do not sleep through, in any of ten short times."""
    found = set(run.running())
    for _ in range(10):
        before = {pid: look(pid) for pid in found & set(run.running())}
        time.sleep(0.1)
        after = {pid: look(pid) for pid in before}
        found = {pid for pid in before if not (before[pid] and after[pid] and
                                               after[pid].goes_on(before[pid]))}
        if not found:
            break
    return found


def check(program):
    # Two runners need a minute and more, and the first one is ready.
    run = program.start(60)
    run.until_line('ready')
    if restless(run):
        raise Wrong('A runner that was ready did not sleep until `go`: it looked '
                    'again and again.')
    # Nothing may come, also not when a short sleep or time-out is over.
    run.until_quiet()
    time.sleep(0.3)
    run.until_quiet()
    if run.find('go'):
        raise Wrong('`go` was printed before all runners were ready.')
    if run.find('runs'):
        raise Wrong('A runner ran before `go`.')

    run = program.start(0)
    if not run.until(lambda: run.status is not None, POLL) and not run.errors:
        who = 'the runners' if run.find('go') else 'main'
        raise Wrong(f'All were ready, and {who} waited for ever.')
    run.prints('{\n' + '\n|\n'.join(['ready'] * 3) + '\n}\ngo\n{\n'
               + '\n|\n'.join(['runs'] * 3) + '\n}')
    run.succeeds()
