#!/usr/bin/env python3
"""What the pool and the locks of a lesson did; or, where it has neither, which
of its threads ran, on which CPU: make trace-13, trace-16, trace-10.

The first is what the library itself records (common/trace/trace.h). The second
is read from /proc while the program runs, and while its Python original does:
in which interval which thread used a CPU."""

import os
import pathlib
import subprocess
import tempfile
import time

import program

EVERY = 0.002  # seconds between two looks at /proc
NONE, WAITS, HOLDS, LOST = 8, 6, 0, 7  # colours; 0 to 5 tell objects apart


def traced(command):
    """The events of one run: (seconds, process, what, object, number)."""
    with tempfile.NamedTemporaryFile() as file:
        subprocess.run(command, env={**os.environ, 'MP_TRACE': file.name})
        lines = pathlib.Path(file.name).read_text().splitlines()
    fields = [line.split('\t') for line in lines]
    return sorted((float(t), f'{name} ({pid})', what, thing, int(number))
                  for t, pid, _, name, _, what, thing, number in fields)


def handover(events):
    """Boxes of those that wait for an object, and of those that have it."""
    counts = {}
    for _, _, what, thing, _ in events:
        counts[thing] = counts.get(thing, 0) + (what == 'asks')
    things = sorted(counts, key=counts.get, reverse=True)
    start, end = events[0][0], events[-1][0]
    rows, since, boxes, level = [], {}, [], []
    for now, who, what, thing, number in events:
        if who not in rows:
            rows.append(who)
        if what == 'level':
            level.append((now - start, number))
            continue
        if (who, thing) in since:
            began, colour = since.pop((who, thing))
            boxes.append((began, now - start, who, thing, colour))
        if what in ('asks', 'waits', 'has'):
            colour = things.index(thing) % 6 if what == 'has' else WAITS
            since[who, thing] = (now - start, colour)
    for (who, thing), (began, colour) in since.items():  # it was killed, or still has it
        boxes.append((began, end - start, who, thing, colour))
    half = lambda thing: 0.38 if thing == things[0] else 0.19
    return (rows, [(a, b, rows.index(w) - half(t), rows.index(w) + half(t), c)
                   for a, b, w, t, c in boxes], level)


def board(events):
    """Boxes of the chunks: items to the right, time downwards."""
    start, end = events[0][0], events[-1][0]
    jobs = sorted({e[3] for e in events}, key=lambda job: int(job, 16))
    alone = all(e[4] == 0 for e in events if e[2] == 'claims')  # of one item each
    workers, open_chunks, boxes = [], {}, []
    for now, who, what, job, number in events:
        if who not in workers:
            workers.append(who)
        shift = jobs.index(job) if alone else 0
        if what == 'claims':
            open_chunks[who] = (now, number + shift)
        elif who in open_chunks:
            began, first = open_chunks.pop(who)
            last = number + shift + (what == 'fails')
            boxes.append((first, last, began - start, now - start,
                          workers.index(who) % 6 if what == 'done' else LOST))
    for began, first in open_chunks.values():
        boxes.append((first, first + 1, began - start, began - start, LOST))
    least = (end - start) / 60  # so that each can be seen
    return workers, [(a, b, c, max(d, c + least), e) for a, b, c, d, e in boxes]


def threads_of(pid):
    """The process's threads, and those of all its descendants: (pid, tid)."""
    found = []
    try:
        for tid in os.listdir(f'/proc/{pid}/task'):
            found.append((pid, int(tid)))
            with open(f'/proc/{pid}/task/{tid}/children') as file:
                for child in file.read().split():
                    found += threads_of(int(child))
    except OSError:  # it has just ended
        pass
    return found


def sampled(command):
    """Which thread ran when: (from, to, pid, tid, cpu, share of that time)."""
    running, last, boxes = subprocess.Popen(command), {}, []
    start = time.monotonic()
    while running.poll() is None:
        time.sleep(EVERY)
        for pid, tid in threads_of(running.pid):
            try:
                with open(f'/proc/{pid}/task/{tid}/schedstat') as file:
                    now, ran = time.monotonic() - start, int(file.read().split()[0]) / 1e9
                with open(f'/proc/{pid}/task/{tid}/stat') as file:
                    cpu = int(file.read().rpartition(')')[2].split()[36])
            except OSError:
                continue
            then, had = last.get(tid, (now, ran))
            last[tid] = now, ran
            if ran - had > (now - then) / 2:
                boxes.append((then, now, pid, tid, cpu, (ran - had) / (now - then)))
    return running.pid, boxes


def cpus_used(boxes):
    """The most CPUs that these used together for a twentieth of a second."""
    used = {}
    for begin, end, *_, share in boxes:
        window = round(begin / 0.05)
        used[window] = used.get(window, 0) + (end - begin) * share / 0.05
    return max(used.values(), default=0)


def write(name, facts, rows, boxes, level=()):
    """A table for views/trace.gp, and the pictures it draws of it."""
    table = program.OUTPUT / f'trace-{name}.tsv'
    with open(table, 'w') as file:
        for key, value in facts.items():
            print(f'# {key}: {value}', file=file)
        for number, row in enumerate(rows):
            print('row', number, row, sep='\t', file=file)
        for box in boxes:
            print('box', *box, sep='\t', file=file)
        for step in level:
            print('level', *step, sep='\t', file=file)
    program.draw('trace', table)


def show(one):
    name = one.name
    command = one.command[:1] + (one.of_expected('trace').split() or one.arguments)
    events = traced(command)
    chunks = [event for event in events if event[2] in ('claims', 'done', 'fails')]
    if chunks:
        workers, boxes = board(chunks)
        lost = sum(box[4] == LOST for box in boxes)
        write(name, {
            'kind': 'board',
            'title': f'{len(boxes)} chunks, done by {len(workers)} workers'
                     + (f'; {lost} not done' if lost else ''),
            'subtitle': 'A box is a chunk of items: where, when, and in the colour of its worker'
        }, workers, boxes)
    elif events:
        rows, boxes, level = handover(events)
        write(name, {
            'kind': 'rows',
            'title': f'{len(rows)} processes, and when each had what others wait for',
            'subtitle': 'Grey: it waits. A colour: it has a lock, or is inside. '
                        'Thin: of another object than the busiest'
        }, rows, boxes, level)
    else:
        lanes(name, command)
        lanes(name + '-python', one.original[:2] + one.of_expected('trace-python').split())


def lanes(name, command):
    main, boxes = sampled(command)
    cpus = sorted({box[4] for box in boxes})
    threads = cpus_used([box for box in boxes if box[2] == main != box[3]])
    kind = lambda pid, tid: 2 if pid != main else 1 if tid != main else 0
    write(name, {
        'kind': 'rows',
        'title': f'Processes use up to {cpus_used(b for b in boxes if b[2] != main):.1f} '
                 f'CPUs at once, threads up to {threads:.1f}',
        'subtitle': 'Blue: the main thread runs. Orange: other threads of its '
                    'process. Green: other processes'
    }, [f'CPU {cpu}' for cpu in cpus],
        [(a, b, cpus.index(cpu) - 0.38, cpus.index(cpu) + 0.38, kind(pid, tid))
         for a, b, pid, tid, cpu, _ in boxes])


if __name__ == '__main__':
    program.OUTPUT.mkdir(parents=True, exist_ok=True)
    for each in program.given():
        show(each)
