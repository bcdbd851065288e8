"""Which system calls does a lesson make, and which line of it makes them? strace has
the return addresses on the stack, and addr2line tells the lines that these are in."""

import linecache
import re
import shutil
import subprocess
import sys

from program import given, need
from strace import STARTS, follow

CALLS = (*STARTS, *(
    'execve exit_group wait4 waitid kill pidfd_open pidfd_send_signal memfd_create'
    ' pipe2 eventfd2 socket socketpair bind connect accept4 sendmsg recvmsg poll ppoll'
    ' futex clock_nanosleep sched_setaffinity read write close').split())
FRAME = re.compile(r'/([^/(]+)\((\w+).*\[(0x[0-9a-f]+)\]')  # program, function, address


def lines_of(program, addresses):
    """Return address -> the line of the lesson that called, as `63: join(..);`."""
    called = [hex(int(address, 16) - 1) for address in addresses]  # it lies behind the call
    told = subprocess.run(['addr2line', '-i', '-a', '-e', program], input='\n'.join(called),
                          check=True, stdout=subprocess.PIPE, universal_newlines=True).stdout
    found = {}
    for address, answer in zip(addresses, told.split('\n0x')):
        # Where functions are inline there are several; the last has the others in it.
        for path, number in re.findall(r'(/.*/lessons/\w+/\w+\.c):(\d+)', answer)[-1:]:
            found[address] = f'{number}: {linecache.getline(path, int(number)).strip()}'
    return found


def cause(call, task, program, lines):
    """The lesson's line that made the call, or None; in a forked child, which has a copy
    of its parent's stack, the library's function."""
    frames = FRAME.findall(call.stack)
    names = [name for _, name, _ in frames]
    line = next((lines[a] for file, _, a in frames if file == program and a in lines), None)
    if line and task.parent and line == task.started_by.cause:
        own = (name for name in names if name.startswith('mp_'))
        return next(own, line) + ', in the child'
    if call.name == 'execve' and task.parent:
        return 'a new image'
    if call.name in STARTS:
        return line or 'unknown'  # the clone3 in posix_spawn has no stack
    return line or ('exit, after main' if 'exit' in names else None)


def show(program):
    if program.launch:
        sys.exit(f'{program.launch[0]} starts {program.name}. This view is too slow for that.')
    tasks = follow(program.command, CALLS, '-k')
    frames = FRAME.findall(''.join(call.stack for task in tasks for call in task.calls))
    lines = lines_of(program.command[0], {a for file, _, a in frames if file == program.name})
    room = shutil.get_terminal_size().columns - 44
    shown = {}  # tables, each with the tasks that made these calls
    for task in tasks:  # a parent comes before its children
        table = {}
        for call in task.calls:
            call.cause = cause(call, task, program.name, lines)
            if call.cause and 'FUTEX_WAKE_PRIVATE' not in call.text:  # that is for threads
                table.setdefault((call.name, call.cause), []).append(call)
        shown.setdefault((task.name.split()[0], task.how, *table), (table, []))[1].append(task)
    for table, (task, *others) in shown.values():
        print(f'\n{program.name}: {task.name}, {task.pid} ({task.how})',
              f', and {len(others)} more with these calls' if others else '', sep='')
        for (_, why), (call, *again) in table.items():
            text = re.sub(r'\{[^{}]*\}|0x[0-9a-f]+', '..', call.text)
            text, _, result = text.rpartition(' = ')
            times = f'x{len(again) + 1}' if again else ''
            print(f'  {text.strip()[:28]:28} = {result.split()[0]:6} {times:3} {why[:room]}')
    sys.stdout.flush()


need('addr2line', 'binutils')
for one in given():
    show(one)
