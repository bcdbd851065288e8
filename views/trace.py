"""What the pool and the locks of a lesson did; or, where it has neither, which of its
threads ran when, on which CPU: make trace-13, trace-16, trace-10.

The first is what the library itself records (common/trace/trace.h). The second is
read from /proc while the program runs once more, and while its Python original does."""

import collections
import itertools
import os
import pathlib
import subprocess
import tempfile
import time

import program

EVERY = 0.002  # seconds between two looks at /proc
LONG = 0.1     # seconds of CPU time that are worth a picture
WAITS, LOST = 6, 7  # colours; 0 to 5 tell objects, workers or threads apart
SHOWN = 'Lessons 10, 12 to 14 and 16 to 19 have this view.'
Event = collections.namedtuple('Event', 'time who what thing number')


def traced(command):
    """The events of one run, in the order of their times, of which the first is 0."""
    with tempfile.NamedTemporaryFile('r') as file:
        subprocess.run(command, env={**os.environ, 'MP_TRACE': file.name})
        lines = sorted((line.split('\t') for line in file), key=lambda it: float(it[0]))
    start = float(lines[0][0]) if lines else 0
    return [Event(float(now) - start, f'{name} ({pid})', what, thing, int(number))
            for now, pid, _, name, _, what, thing, number in lines]


def in_words(kind, rows, others):
    """A picture: who did which items; or how long each waited, and had something."""
    parts = collections.Counter()
    for left, right, top, bottom, colour, *who in (it[1:] for it in others if it[0] == 'box'):
        if kind == 'board':
            parts[f'items {left} to {right}, {who[0]}, from {top:.3f} s on'] = bottom - top
            continue
        row = rows[round((top + bottom) / 2)]
        what = ('the main thread', 'other threads', 'other processes')[colour] \
            if 'CPU' in row else f'{row} {"waits" if colour == WAITS else "has"}'
        parts[what] += right - left
    yield from (f'{part}: {seconds * 1000:.3f} ms' for part, seconds in parts.items())
    levels = sum(it[0] == 'level' for it in others)
    yield from [f'The level changes {levels} times.'] if levels else []


def draw(name, kind, title, subtitle, rows, others):
    print(f'\n{name}: {title}', *in_words(kind, rows, others), sep='\n')
    facts = {'kind': kind, 'title': f'{name}: {title}', 'subtitle': subtitle}
    program.draw_rows('trace', name, facts,
                 [*(('row', i, row) for i, row in enumerate(rows)), *others])


def board(one, events):
    """The chunks: items to the right, time downwards."""
    workers = list(dict.fromkeys(event.who for event in events))
    jobs = sorted({event.thing for event in events}, key=lambda job: int(job, 16))
    single = not any(event.number for event in events if event.what == 'claims')
    claimed, spans, boxes = {}, [], []
    for event in events:
        if event.what == 'claims':
            claimed[event.who] = event
        else:
            spans.append((claimed.pop(event.who), event))
    spans += [(claim, claim) for claim in claimed.values()]  # its worker was killed
    for claim, over in spans:
        done = over.what == 'done'
        shift = jobs.index(claim.thing) if single else 0  # jobs of one item each
        boxes.append(('box', claim.number + shift, over.number + shift + (not done),
                      claim.time, over.time, workers.index(claim.who) % 6 if done else LOST,
                      claim.who if done else 'not done'))
    lost = sum(box[5] == LOST for box in boxes)
    doers = {claim.who for claim, over in spans if over.what == 'done'}
    title = f'{len(boxes) - lost} chunks done by {len(doers)} workers'
    draw(one.name, 'board', title + (f', and {lost} not done' if lost else ''),
         'A box is a chunk: which items, when, and in the colour of its worker',
         workers, boxes)


def handover(one, events):
    """Who waits for an object, and who has it. Nobody has an event that is set. An object
    that is seldom asked for, beside others, is left out: it was there for the start."""
    asked = collections.Counter(event.thing for event in events)
    events = [event for event in events if 10 * asked[event.thing] > max(asked.values())
              or event.what == 'level']
    rows = list(dict.fromkeys(event.who for event in events))
    signals = {event.thing for event in events if event.what == 'sets'}
    begun, spans = {}, []
    for event in events:
        ends = [(event.who, event.thing)]
        if event.what == 'has' and event.number == 1:  # its owner had died
            ends += [key for key, event_of in begun.items()
                     if key[1] == event.thing and event_of.what == 'has']
        spans += [(begun.pop(key), event.time) for key in ends if key in begun]
        if event.what in ('asks', 'waits') or \
                event.what == 'has' and event.thing not in signals:
            begun[event.who, event.thing] = event
    spans += [(event, events[-1].time) for event in begun.values()]
    held = collections.Counter({event.thing: 0 for event, _ in spans})
    for event, end in spans:
        held[event.thing] += end - event.time if event.what == 'has' else 0
    (main, longest), *_ = held.most_common()
    changes, lines = [], [('level', event.time, event.number)
                          for event in events if event.what == 'level']
    for event, end in spans:
        has = event.what == 'has'
        changes += [(event.time, 1), (end, -1)] if has and event.thing == main else []
        row, half = rows.index(event.who), 0.38 if held[event.thing] == longest else 0.19
        lines.append(('box', event.time, end, row - half, row + half,
                      list(held).index(event.thing) % 6 if has else WAITS))
    most = max(itertools.accumulate(change for _, change in sorted(changes)), default=0)
    title = f'At most {most} of {len(rows)} processes at once had what they waited for'
    draw(one.name, 'rows', title if most else f'When {len(rows)} processes waited',
         'Grey: it waits. Colour: it has a lock, or is inside.'
         + ' Low: another object than the one held longest' * (len(held) > 1), rows, lines)


def read(pid, tid, name):
    return pathlib.Path(f'/proc/{pid}/task/{tid}/{name}').read_text()


def threads_of(pid):
    """The process's threads, and those of all its descendants: (pid, tid)."""
    for tid in os.listdir(f'/proc/{pid}/task'):
        yield pid, int(tid)
        for child in read(pid, tid, 'children').split():
            yield from threads_of(int(child))


def sampled(command):
    """When which thread had a CPU: (begin, end, seconds on a CPU, CPU, kind), where the
    kind is 0 for the main thread, 1 for another of its process, 2 for other processes."""
    main = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    start, last, parts = time.monotonic(), {}, collections.defaultdict(list)
    while main.poll() is None:
        time.sleep(EVERY)
        try:
            for pid, tid in threads_of(main.pid):
                ran = int(read(pid, tid, 'schedstat').split()[0]) / 1e9
                cpu = int(read(pid, tid, 'stat').rpartition(')')[2].split()[36])
                now = time.monotonic() - start
                then, had = last.get(tid, (now, ran))
                last[tid] = now, ran
                kind = 0 if tid == main.pid else 1 if pid == main.pid else 2
                if ran - had > EVERY / 10:
                    row, half = parts[cpu, kind, tid], ran - had > (now - then) / 2
                    joins = half and row and row[-1][1] == then
                    began = then if half else now - (ran - had)
                    begin, _, before = row.pop() if joins else (began, now, 0)
                    row.append((begin, now, before + ran - had))
        except OSError:  # a process has just ended: the next look finds the others
            pass
    return [(*part, cpu, kind) for (cpu, kind, _), row in parts.items() for part in row]


def lanes(name, command):
    """Draws who had which CPU. Returns whether there was enough to draw."""
    boxes = sampled(command)
    if sum(box[2] for box in boxes) < LONG:
        return False
    used = []
    for kind, what in ((2, 'processes'), (1, 'threads')):
        ran = wall = until = 0
        for begin, end, seconds, _, _ in sorted(box for box in boxes if box[4] == kind):
            ran, wall = ran + seconds, wall + max(0, end - max(begin, until))
            until = max(until, end)
        used += [f'{what} had {ran / wall:.1f} CPUs'] if wall else []
    cpus = sorted({box[3] for box in boxes})
    draw(name, 'rows', 'While any ran, ' + ', '.join(used or ['there was one thread']),
         'Blue: the main thread runs. Orange: other threads of its process. '
         'Green: other processes', [f'CPU {cpu}' for cpu in cpus],
         [('box', begin, end, cpus.index(cpu) - 0.38, cpus.index(cpu) + 0.38, kind)
          for begin, end, _, cpu, kind in boxes])
    return True


def show(one):
    def arguments(word):
        return not os.environ.get('ARGS') and one.of_expected(word).split() or one.arguments

    command = one.command[:1] + arguments('trace')
    if one.launch:
        print(f'{one.name} runs under mpirun, which is not traced. {SHOWN}')
        return
    events = traced(command)
    chunks = [event for event in events if event.what in ('claims', 'done', 'fails')]
    if chunks:
        board(one, chunks)
    elif any(event.what in ('asks', 'waits') for event in events):
        handover(one, events)
    elif lanes(one.name, command):
        lanes(one.name + '-python', one.original[:2] + arguments('trace-python'))
    else:
        print(f'{one.name} has no pool and no lock, and no thread that runs long. {SHOWN}')


for each in program.given():
    show(each)
