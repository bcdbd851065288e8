"""Opens a program in gdb with all its processes, which stops where a child begins
its target, its run or its task: at each function that has their parameters."""

import os
import re

import program

HELP = '''gdb stops in a child, at the beginning of {}. All other processes stop, too.
    bt                          shows which calls led here
    info locals                 the variables
    next, step                  go on by a line, step into a function
    info inferiors, inferior 1  all processes, and look at the first: the program
    continue                    all go on, to the next stop or the end of a process
    kill inferiors 1, quit      end the program, leave gdb'''

program.need('gdb', 'gdb')
one = program.given()[0]
functions = re.findall(r'^static int (\w+)\((?:const )?(?:void|mp_process) \*',
                       one.stem.with_suffix('.c').read_text(), re.MULTILINE)
print(one.name + ', by', program.METHOD)
print(HELP.format(' or '.join(functions)), flush=True)
os.environ.pop('DEBUGINFOD_URLS', None)  # gdb would ask whether to use them
commands = ['set detach-on-fork off', 'set schedule-multiple on', 'set confirm off',
            *(f'break {function} if $_inferior > 1' for function in functions), 'run']
os.execvp('gdb', ['gdb', '--quiet', *(f'--eval-command={line}' for line in commands),
                  '--args', *one.command])
