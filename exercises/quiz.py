#!/usr/bin/env python3
"""The quiz: which of these outputs can occur? The answer comes from RUNS=200 runs.

    exercises/quiz.py N      asks about lesson N, then answers
    exercises/quiz.py        all lessons of the quiz, and fails if an output came that
                             quiz.md says cannot, or none of those that can"""

import os
import pathlib
import re
import sys
from concurrent.futures import ThreadPoolExecutor

TOP = pathlib.Path(__file__).resolve().parent.parent
PAGE = TOP / 'exercises/quiz.md'
sys.dont_write_bytecode = True  # the tree stays clean
sys.path.append(str(TOP / 'tests'))
from exercise import in_language
from expected import PATTERNS, Run, has_terminals

RUNS = int(os.environ.get('RUNS') or 200)
SIDE_BY_SIDE = 4
PATTERNS['positive'] = r'[1-9]\d*'


class Question:
    """One section of quiz.md: a program, and what it might print."""

    def __init__(self, section):
        head, *options = section.split('\n### ')
        self.lesson = int(re.match(r'Lesson (\d+)', head).group(1))
        self.text = re.search(r'\n\n(.*?)\n\n', head, re.S).group(1)
        program, *self.arguments = re.search(r'^    \$ (.*)$', head, re.M).group(1).split()
        folder, = TOP.glob(f'lessons/{self.lesson:02}_*')
        self.program = folder.relative_to(TOP) / program
        self.options = [Option(option) for option in options]

    def outputs(self):
        """What it prints in a terminal, in each of RUNS runs."""
        command = [TOP / os.environ.get('B', 'build/cc') / self.program, *self.arguments]
        terminal = has_terminals()
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            return [run.output for run in pool.map(
                lambda _: Run(command, terminal, 'fork'), range(RUNS))]


class Option:
    def __init__(self, section):
        lines = section.splitlines()
        self.letter = lines[0]
        self.lines = [line[4:] for line in lines if line.startswith('    ')]
        self.why = '\n'.join(line for line in lines[1:] if not line.startswith('    ')).strip()
        self.can = self.why.startswith('Can occur')

    def count(self, outputs):
        """How many of the outputs are this one."""
        pattern = ''
        for line in self.lines:
            parts = re.split(r'<(\w+)>', line)
            parts[0::2] = map(re.escape, parts[0::2])
            parts[1::2] = (re.sub(r'\(\?P<\w+>', '(', PATTERNS[name]) for name in parts[1::2])
            pattern += '(.*\n)*' if line == '..' else ''.join(parts) + '\n'
        return sum(re.fullmatch(pattern, output) is not None for output in outputs)


def questions():
    return [Question(section) for section in PAGE.read_text().split('\n## ')[1:]]


def choice(letters):
    while True:
        typed = input('Which of these can occur? For example AB; Enter for none: ')
        chosen = set(re.sub(r'[\s,]', '', typed.upper()))
        if chosen <= letters:
            return chosen
        print('Type letters of', ', '.join(sorted(letters)))


def ask(question):
    print(f'{in_language(question.text, PAGE)}\n\n    {question.program.name} {" ".join(question.arguments)}\n')
    for option in question.options:
        print(option.letter, *option.lines, sep='\n    ', end='\n\n')
    asked = sys.stdin.isatty() and sys.stdout.isatty()
    chosen = asked and choice({option.letter for option in question.options})
    outputs = question.outputs()
    for option in question.options:
        count = option.count(outputs)
        right = '' if not asked else (
            ' You are right.' if (option.letter in chosen) == option.can else ' Not so.')
        print(f'{option.letter}:{right}\n{in_language(option.why, PAGE)}')
        print(f'It came in {count} of {RUNS} runs.\n')


def prove():
    all_questions = questions()
    print(f'1..{len(all_questions)}')
    failed = False
    for number, question in enumerate(all_questions, 1):
        outputs = question.outputs()
        counts = [option.count(outputs) for option in question.options]
        good = any(counts) and all(option.can or count == 0 for option, count in
                                   zip(question.options, counts))
        failed |= not good
        print('ok' if good else 'not ok', number, f'- the quiz of lesson {question.lesson}:',
              *(f'{option.letter} {count}' for option, count in zip(question.options, counts)))
    return failed


if __name__ == '__main__':
    if len(sys.argv) < 2:
        sys.exit(prove())
    found = [question for question in questions()
             if sys.argv[1] in (str(question.lesson), f"{question.lesson:02}")]
    if not found:
        sys.exit('There is a quiz for the lessons '
                 + ', '.join(str(question.lesson) for question in questions()) + '.')
    ask(found[0])
