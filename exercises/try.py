#!/usr/bin/env python3
"""What is behind make try-3a, hint-3a, solution-3a and next: `try.py WORD [NAME]`.
The student's files and progress lie in mine/, which git ignores."""

import os
import pathlib
import re
import sys

sys.dont_write_bytecode = True  # the tree stays clean
from exercise import BUILD, compile_c, exercises, in_language

MINE = pathlib.Path('mine')
PROGRESS, HINTS = MINE / 'progress', MINE / 'hints'


def note(path, name):
    """Adds a line to a file of mine/."""
    MINE.mkdir(exist_ok=True)
    with path.open('a') as file:
        print(name, file=file)


def noted(path):
    return path.read_text().split() if path.exists() else []


def in_words(exercise, text):
    """A text of its, in the student's language."""
    return in_language(text, exercise.starter.with_suffix('.md'))


def attempt(exercise):
    """make try-3a"""
    if not exercise.can_be_built():
        print(f'{exercise.name} needs {exercise.needs}. To install it, type make deps.')
        return 1
    mine = MINE / f'{exercise.name}.c'
    if not mine.exists():
        MINE.mkdir(exist_ok=True)
        mine.write_text(in_language(exercise.text, exercise.starter).rstrip('\n') + '\n')
        print(f'{in_words(exercise, exercise.title)}\n\n{mine} is yours now: its comments are the task. '
              f'Write your part,\nthen type make try-{exercise.name} again.')
        return 0
    program = pathlib.Path(BUILD, 'mine', exercise.name)
    compiles, said = compile_c(mine, program)
    sys.stderr.write(said)
    if not compiles:
        asserted = re.findall(r'static assertion failed[^:\n]*: "?([^"\n]*)', said)
        print('. '.join([f'{mine} does not compile yet', *asserted[:1]]) + '.')
        return 1
    from judge import judge
    reason = judge(exercise.checker, program, os.environ.get('MP_START_METHOD', 'fork'))
    if reason is not None:
        print(f'Not yet. {reason}\nFor a hint, type make hint-{exercise.name}.')
        return 1
    if exercise.name not in noted(PROGRESS):
        note(PROGRESS, exercise.name)
    print(f'{exercise.name} is passed.')
    return advise()


def hint(exercise):
    """make hint-3a: one more each time."""
    seen = noted(HINTS).count(exercise.name)
    count = len(exercise.hints)
    if seen < count:
        note(HINTS, exercise.name)
        seen += 1
    for number in range(seen):
        print(f'Hint {number + 1} of {count}:\n{in_words(exercise, exercise.hints[number])}\n')
    if seen == count:
        print(f'There is no further hint. make solution-{exercise.name} shows an answer.')
    return 0


def solution(exercise):
    print(f'{exercise.solution}\n{in_words(exercise, exercise.because)}')
    return 0


def advise():
    """make next"""
    every, passed = exercises(), noted(PROGRESS)
    todo = [exercise for exercise in every
            if exercise.name not in passed and exercise.can_be_built()]
    count = sum(exercise.name in passed for exercise in every)
    print(f'{count} of {len(every)} exercises are passed.')
    if todo:
        lesson = todo[0].lesson
        is_begun = any(each.lesson == lesson and each.name in passed for each in every)
        read = '' if is_begun else f'read lesson {lesson} (make read-{lesson}), then '
        print(f'Next: {read}type make try-{todo[0].name}: '
              f'{in_words(todo[0], todo[0].title)}')
    return 0


def main():
    word, *name = sys.argv[1:]
    if word == 'next':
        return advise()
    found = {exercise.name: exercise for exercise in exercises()}
    exercise = found.get(name[0].lstrip('0'))
    if exercise is None:
        sys.exit(f"There is no exercise '{name[0]}'. There are: {' '.join(found)}")
    return {'try': attempt, 'hint': hint, 'solution': solution}[word](exercise)


if __name__ == '__main__':
    if sys.version_info < (3, 9):
        sys.exit('The exercises need python3, from 3.9 on.')
    try:
        sys.exit(main())
    except KeyboardInterrupt:  # the checker has ended the program
        sys.exit(130)
