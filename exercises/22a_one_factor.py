import os
import re
import subprocess

from judge import Wrong, patience, read, stat

RANKS = 'mpirun --allow-run-as-root --oversubscribe --bind-to none -np 2'.split()
MOST = max(5000, patience(700))  # looks: in a right answer a rank takes some 1200
TRUNCATE = 15  # the status where a rank got a message that it did not expect (mpi.h)


def looks(run):
    """How often the ranks have looked for messages: the one that did so least. A rank that
    waits does it each millisecond, or uses the CPU for it."""
    ranks = [pid for pid in run.children() if stat(pid)[1] == str(run.pid)]
    return min((sum(map(int, re.findall(r'ctxt_switches:\t(\d+)', read(f'/proc/{pid}/status'))))
                + 10 * sum(map(int, stat(pid)[11:13])) for pid in ranks), default=0)


def launch(program, *numbers):
    run = program.start(*numbers, launch=[*RANKS, '--mca', 'btl_vader_backing_directory',
                                          program.folder])
    run.refused = True  # what mpirun says is no sentence for students
    run.until(lambda: run.status is not None or looks(run) > MOST, sleeps=5)
    if run.status is None:
        raise Wrong('The program did not end: the ranks wait for each other. Do all of '
                    'them make the same calls?')
    if run.status and subprocess.run([*RANKS, 'true'], capture_output=True, env={
            **os.environ, 'TMPDIR': program.folder}).returncode:
        raise Wrong('`mpirun` does not work here: `make deps` installs Open MPI, and '
                    '`mpirun -np 2 true` says what is wrong.')
    if run.status == TRUNCATE:
        raise Wrong('One rank called `mp_cluster_map`, and the other one did not: all '
                    'ranks call it together.')
    if 'exiting improperly' in run.errors:
        raise Wrong('A rank ended before `mp_cluster_free`, which all ranks call.')
    return run


def check(program):
    run = launch(program, 5, 7)
    if run.find('rank 1 has .*'):
        raise Wrong('Rank 1 printed as well: only rank 0 has the products.'
                    if run.find('rank 0 has .*') else
                    'Rank 1 printed products, which it does not have: rank 0 has them.')
    if found := re.search(r'rank 0 has \[(.*?, )??0\b', '\n'.join(run.lines)):
        raise Wrong(f'Item {(found[1] or "").count(",")} is 0: where the function ran, it '
                    'did not have the factor. Only rank 0 knows it.')
    if run.count('0 items by .*') == 2:
        raise Wrong('Rank 0 did all of it alone: it gave no item to `mp_cluster_map`.')
    if run.find('0 items by .*'):
        raise Wrong('One rank did all items: they were one chunk.')
    ended_well(run, '')
    run.prints("""
rank 0 has [35, 42, 49, 56]
<number> items by rank 0 on <word>
<number> items by rank 1 on <word>""")
    host = run.find('.* items by rank 1 on .*').split()[-1]

    run = launch(program, 101, 7)  # rank 0 gives item 0 to rank 1, and then has one itself
    if run.find('rank 0 has .*'):
        raise Wrong('All items had failed, and their products were printed.')
    ended_well(run, ' where items had failed')
    if run.find('item 0 .*') and not run.find(f'item 0 failed on rank 1, {host}'):
        raise Wrong(f'Item 0 failed on rank 1, {host}, and `{run.find("item 0 .*")}` was '
                    'printed.')
    run.prints(f'item 0 failed on rank 1, {host}\n' + '\n'.join(
        f'item {item} failed on rank <number>, {host}' for item in range(1, 4)))


def ended_well(run, where):
    if run.status:
        said = re.search(r'^\S+:\d+: (.*)', run.errors, re.M)
        raise Wrong(f'The program ended with status {run.status}{where}'
                    + (f', and said: `{said[1]}`.' if said else '.'))
