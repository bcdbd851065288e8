"""Opens a program in gdb with all its processes, which stops where a child begins
its target, its run or its task: at each function that has their parameters."""

import os
import re
import sys

import program

GIVEN = re.compile(r'^static int (\w+)\((?:const )?(?:void|mp_process) \*', re.MULTILINE)
HELP = '''{name}, by {method} (MP_START_METHOD=spawn make debug-{name}: by spawn).
gdb stops in a child, at the beginning of {functions}. All other processes stop, too. Type
    bt                          which calls led here
    info locals                 the variables; print *given: one of them
    next, step                  go on by a line, step into a function
    info inferiors, inferior 1  all processes, and look at the first: the program
    continue                    all go on, to the next stop or the end of a process
    kill inferiors 1, quit      end the program, leave gdb'''

program.need('gdb', 'gdb')
one = program.given()[0]
functions = GIVEN.findall(one.stem.with_suffix('.c').read_text())
os.environ.pop('DEBUGINFOD_URLS', None)  # gdb would ask whether to use them
print(HELP.format(name=one.name, functions=' or '.join(functions),
                  method=os.environ.get('MP_START_METHOD', 'fork')), flush=True)
commands = ['set detach-on-fork off', 'set schedule-multiple on', 'set confirm off',
            *(f'break {function} if $_inferior > 1' for function in functions), 'run']
os.execvp('gdb', ['gdb', '--quiet', *(f'--eval-command={line}' for line in commands),
                  '--args', *one.command])
