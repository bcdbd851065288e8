#!/usr/bin/env python3
"""Which system calls does a lesson make, and which of its calls makes them?

strace has the stack of each system call. A return address lies behind the
instruction that called: objdump says whom it calls, and in which line. So a call
has the name that the lesson gives it, also where that function jumped to another.
"""

import os
import re
import subprocess
import sys
import textwrap

sys.dont_write_bytecode = True  # the tree stays clean
from program import each, need
from strace import STARTS, check_strace, follow

CALLS = STARTS + (
    ' execve exit_group wait4 waitid kill pidfd_open pidfd_send_signal memfd_create'
    ' pipe2 eventfd2 socket socketpair bind connect accept4 sendmsg recvmsg poll ppoll'
    ' futex clock_nanosleep sched_setaffinity munmap write')
INSTRUCTION = re.compile(r' *([0-9a-f]+):\t(?:(?:call|bl)\w* .*<(\w+)(?:@plt)?>)?')
FRAME = re.compile(r'(\S+)\((\w+).*\[0x([0-9a-f]+)\]')


def call_sites(program):
    """Return address -> (the function that is called, the caller, file, line)."""
    sites, caller, place, target = {}, '', ('', ''), None
    for line in subprocess.run(['objdump', '-dl', '--no-show-raw-insn', program],
                               check=True, stdout=subprocess.PIPE,
                               universal_newlines=True).stdout.splitlines():
        found = INSTRUCTION.match(line)
        if line.startswith('/'):
            place = line.split()[0].rpartition(':')[::2]
        elif line.endswith('():'):
            caller = line[:-3]  # an inline function has its name here, too
        elif found:
            sites[int(found.group(1), 16)] = target
            target = found.group(2) and (found.group(2), caller, *place)
    return sites


def cause(frames, program, sites):
    """The lesson's own call that a stack comes from, and where that stands."""
    for path, _, address in frames:
        site = sites.get(int(address, 16)) if path == program else None
        if site and '/common/' not in site[2]:
            name, caller, file, line = site
            inline = file.endswith('lesson.h')
            return (caller, f'lesson.h:{line}') if inline else (name, f'line {line}')
    return None


def explain(tasks, program, sites):
    """Gives each call its cause, or None where it does not matter."""
    for task in tasks:  # a parent comes before its children
        start = next((call.cause for call in (task.parent.calls if task.parent else [])
                      if call.started() == task.pid), None)
        for call, following in zip(task.calls, task.calls[1:] + task.calls[-1:]):
            # posix_spawn's clone3 has no stack. The munmap that follows it is made
            # by the same posix_spawn.
            lost = 'unexpected_backtracing_error' in ''.join(call.stack)
            frames = FRAME.findall('\n'.join((following if lost else call).stack))
            names = [name for _, name, _ in frames]
            call.cause = cause(frames, program, sites)
            if call.name == 'munmap' or 'FUTEX_WAKE_PRIVATE' in call.text:
                call.cause = None  # the latter is for threads
            elif start and (call.cause == start or call.name == 'execve'):
                # A forked child has a copy of its parent's stack.
                own = (name for name in names if name.startswith('mp_'))
                call.cause = next(own, start[0]), 'in the child'
            elif 'exit' in names and not call.cause:
                call.cause = 'exit', 'after main'


def shortened(call, width):
    """A call without what is long in it: it still has its result."""
    text = re.sub(r'<[^<>]*?(->[^<>]*)?>(\(deleted\))?', '', call.text)
    text, _, result = re.sub(r'\{[^{}]*\}|0x[0-9a-f]+', '..', text).rpartition(' = ')
    text, result = text.rstrip(), f' = {result.split()[0]}'
    if len(text + result) > width:
        text = text[:width - len(result) - 3] + '..)'
    return text + result


def show(program):
    path = os.path.realpath(program.command[0])
    tasks = follow(program.command, CALLS, '-k')
    explain(tasks, path, call_sites(path))
    same = {}  # what several processes do is printed once
    for task in tasks:
        table = {}
        for call in task.calls:
            if call.cause:
                table.setdefault((call.name, call.cause), []).append(call)
        key = task.how, *((*kind, len(calls)) for kind, calls in table.items())
        same.setdefault(key, (table, []))[1].append(f'{task.name}, {task.pid}')
    for (how, *_), (table, names) in same.items():
        print('\n' + textwrap.fill('; '.join(names) + f' ({how})', 78))
        for (_, (function, place)), calls in table.items():
            times = f' x{len(calls)}' if len(calls) > 1 else ''
            print(f'  {shortened(calls[0], 38 - len(times)) + times:39} {function:24} {place}')
    sys.stdout.flush()


check_strace()
need('objdump', 'binutils')
if subprocess.run(['strace', '-k', '-o', '/dev/null', 'true'], stderr=subprocess.DEVNULL).returncode:
    sys.exit('This strace cannot tell who made a system call: it was built without -k.')
each(show)
