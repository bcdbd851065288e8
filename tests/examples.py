#!/usr/bin/env python3
"""view.txt of a lesson is a view's command, and what it printed once. This makes each
anew, and compares what does not vary: which processes there are and how they end, who
makes which system calls, which pages are copied. With --anew it writes them anew."""

import functools
import os
import pathlib
import re
import subprocess
import sys
import tempfile

MISSING = re.compile('^This needs|^This strace|not permitted|OpenSSL', re.MULTILINE)
ROW = re.compile(r'([a-z].*), ?\d* +([#zS._-][#zS._ -]*) (ended.*|exited.*|killed.*)')
CALL = re.compile(r'\n  (?!futex|eventfd2|poll|pidfd_send)(\w+?)3?\('
                  r'.* = \S+ +(x\d+ |) *(?:\d+: )?(.*)')
masked = functools.partial(re.compile(r'([A-Z]\w\w [A-Z]\w\w +)?\d+').sub, '<n>')  # also a day
COUNTED = 'clone execve accept4 write'  # how often others are called, may vary


def capture(command, tools):
    """What the command prints."""
    text = subprocess.run(
        command.split(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True,
        env={'PATH': f'{tools}:{os.environ["PATH"]}', 'COLUMNS': '150', 'VIEWS': tools}).stdout
    lines = [line for line in text.splitlines() if not line.startswith(('Pictures', 'For http'))]
    return '\n'.join([command, *lines, ''])


def data(text):
    """What does not vary of an example, as lines."""
    lines = text.splitlines()
    if 'make pages' in text:  # a process has a page of shared memory once it has used it
        return [re.sub('^(child.* )[S.]+$', r'\1S or .', line) for line in lines]
    if 'make trace' in text:
        return sorted(re.sub(r'Worker-.*|\(\d+\)|\d+\.\d+', '<n>', line)
                      for line in lines[lines.index('') + 1:])
    if 'make timeline-worker_lost' in text:  # as Python's terminate() ends other workers, or not
        lines = text.replace('killed by SIGTERM', 'ended').splitlines()
    if 'make timeline' in text:  # of threads, only those that work are drawn
        return sorted(f'{masked(row[1])} {"sleeps, " * ("z" in row[2])}{row[3]}'
                      for row in map(ROW.fullmatch, lines) if row and 'thread' not in row[1])
    if 'make syscalls' in text:  # without calls that are made only if another is late
        return sorted({masked(re.match('[^)]*', block)[0]) + ''.join(
            f'\n    {name} {times * (name in COUNTED)}{caller}'
            for name, times, caller in CALL.findall(block)) for block in text.split('\n\n')[1:]})
    return sorted(map(masked, lines))


examples = sorted(pathlib.Path('lessons').glob('*/view.txt'))
print(f'1..{len(examples)}', flush=True)
with tempfile.TemporaryDirectory() as tools:
    pathlib.Path(tools, 'gnuplot').symlink_to('/bin/true')  # pictures are not compared
    for number, example in enumerate(examples, 1):
        old = example.read_text()
        for _ in range(3):  # a busy moment is forgiven
            new = capture(old.partition('\n')[0], tools)
            differ, missing = data(new) != data(old), MISSING.search(new)
            if not differ or missing:
                break
        print(f'{"not ok" if differ and not missing else "ok"} {number} - {example} is made anew'
              + ' # SKIP a tool is missing' * bool(missing), flush=True)
        if '--anew' in sys.argv and not missing:
            example.write_text(new)
        elif differ and not missing:
            print('# not in both:', *{*data(new)} ^ {*data(old)}, new, sep='\n', file=sys.stderr)
