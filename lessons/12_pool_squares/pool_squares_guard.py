import argparse
import os
import signal
import subprocess
import sys
import tempfile
import threading

PROCESS = """\
from multiprocessing import get_context

def func(num):
    print(num**2)

p = get_context('spawn').Process(target=func, args=(7, ))
p.start()
p.join()
"""

POOL = """\
from multiprocessing import get_context

def func(num):
    return num**2

lst = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
pool = get_context('spawn').Pool(4)
results = pool.map(func, lst)
print(results)
"""


# The errors of at most `most` children of the program that has this text. The
# program is killed then. Its children end by themselves, and its resource
# tracker removes its semaphores. What still runs after 200 seconds is killed.
def errors(text, most):
    with tempfile.NamedTemporaryFile('w', suffix='.py') as file:
        file.write(text)
        file.flush()
        program = subprocess.Popen(
            [sys.executable, file.name], stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True, preexec_fn=os.setpgrp)
        clock = threading.Timer(200, os.killpg, (program.pid, signal.SIGKILL))
        clock.start()
        found = []
        for line in program.stderr:
            if line.startswith('RuntimeError'):
                found.append(line)
            if len(found) == most:
                program.kill()
                break
        program.communicate()  # until nobody is left that holds its stderr
        clock.cancel()
        return found


if __name__ == '__main__':
    argparse.ArgumentParser().parse_args()  # no arguments
    print('a Process without a guard:', len(errors(PROCESS, 8)), 'failed')
    print('Pool(4) without a guard:', len(errors(POOL, 8)), 'failed,',
          'and others would follow')
