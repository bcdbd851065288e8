#!/usr/bin/env python3
"""Builds the book: runs the lessons and their views, writes the pages in both
languages (pages.py), and gives them to Sphinx. `make book` calls it; B is the folder
of the build."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / 'tests'))
from expected import Expected, Run

import pages
from pages import LESSONS, TOP, WRITTEN, Page

B = os.environ.get('B', 'build/cc')
BOOK = TOP / 'build/book'
THREADS = 8  # runs side by side: most of them sleep


# ---- what the lessons print and the views show ------------------------------

def run(source, language):
    """The short arguments and the output of a program: None where it cannot run."""
    stem = source.with_suffix('')
    expected = Expected(source.with_suffix('.expected'), 'fork', language)
    if language == 'C':
        command = [*expected.launch, f'{B}/{stem}']
        if expected.launch and shutil.which(command[0]) is None:
            return expected.short, None
        expected.of(f'{B}/{stem}')
    else:
        command = [sys.executable, f'{stem}.py']
    for _ in range(3):  # a busy moment is forgiven
        one = Run(command + expected.short, False, 'fork', 10)
        problem = one.problem(expected)
        if not problem:
            return expected.short, one.output
    if one.status == 1 and 'needs Open MPI' in one.errors:
        return expected.short, None
    sys.exit(f'{source}, in {language}, does not print what it must: {problem}')


def printed():
    """Of each program: its short arguments, and what it and its original print."""
    sources = sorted(pathlib.Path('lessons').glob('*/*.c'))
    with ThreadPoolExecutor(THREADS) as threads:
        both = [threads.map(run, sources, [kind] * len(sources)) for kind in ('C', 'Python')]
        return {source.stem: (c[0], {'C': c[1], 'Python': python[1]})
                for source, c, python in zip(sources, *both)}


def view(command, folder):
    """What a view prints, and the pictures that it draws, which go to the book's."""
    folder = BOOK / 'views' / folder
    done = subprocess.run(command.split(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, env={**os.environ, 'VIEWS': str(folder), 'COLUMNS': '150'})
    if done.returncode:
        print(f'{command}: {done.stdout}', file=sys.stderr)
    text = re.sub(r'^(Pictures|For https|make.* Error).*\n', '', done.stdout, flags=re.MULTILINE)
    return {'command': command, 'text': text, 'pictures': pictures(folder, folder, '')}


def pictures(drawn, told, prefix):
    """Takes pictures over, and returns their names and titles."""
    found = []
    for light in sorted(drawn.glob('*-light.svg')):
        name = light.name[:-len('-light.svg')]
        for theme in ('light', 'dark'):
            shutil.copy(drawn / f'{name}-{theme}.svg', BOOK / 'pictures' / f'{prefix}{name}-{theme}.svg')
        table = [path for path in told.glob(f'{name}.*tsv') if 'title' in path.read_text()]
        title = re.search(r'^# title: (.*)', table[0].read_text(), re.MULTILINE) if table else None
        found.append((prefix + name, title[1] if title else name))
    return found


def views():
    """Of each lesson the view that it names, and the timeline, one after the other:
    side by side they would disturb each other."""
    shown = {}
    for folder in LESSONS.values():
        told = folder / 'view.txt'
        best = [told.read_text().partition('\n')[0]] if told.exists() else []
        if not any('timeline' in command for command in best):
            best.append(f'make timeline-{folder.name[3:]}')
        shown[folder.name] = [view(command, f'{folder.name}/{i}') for i, command in enumerate(best)]
    return shown


# ---- pages ------------------------------------------------------------------

def write(language, made, measured):
    """Writes all pages of a language."""
    source = BOOK / 'source' / language

    def page(name, write, *arguments):
        one = Page(language, name)
        write(one, *arguments)
        one.save(source)

    for number, folder in LESSONS.items():
        page(folder.name, pages.lesson, number, made)
    for path, name in WRITTEN.items():
        if name != 'bench':
            page(name, pages.written, path)
    page('bench', pages.bench, measured)
    page('exercises', pages.exercises)
    page('index', pages.start, ['exercises', *WRITTEN.values()])
    if language == 'en':
        first = [TOP / path for path, where in pages.LIBRARY.items() if where == 'common/index']
        page('common/index', pages.library, 'common', 'The library that all lessons share.', first)
        for name, says in pages.folders().items():
            folder = TOP / 'common' / name
            page(f'common/{name}', pages.library, f'common/{name}', says, pages.in_reading_order(folder))


def sphinx(language):
    environment = {**os.environ, 'BOOK_LANGUAGE': language, 'PYTHONDONTWRITEBYTECODE': '1',
                   'BOOK_CACHE': str(BOOK / 'doctrees')}
    return subprocess.Popen(
        [sys.executable, '-m', 'sphinx', '-q', '-c', TOP / 'book', '-d', BOOK / 'doctrees' / language,
         BOOK / 'source' / language, BOOK / language], env=environment)


def main():
    began = time.monotonic()
    os.chdir(TOP)
    shutil.rmtree(BOOK, ignore_errors=True)
    for name in ('pictures', 'doctrees'):
        (BOOK / name).mkdir(parents=True)
    made = {'printed': printed(), 'views': views()}
    measured = pictures(TOP / 'build/plots', TOP / 'build/bench', 'bench-')
    for language in ('en', 'zh'):
        write(language, made, measured)
    if any([one.wait() for one in [sphinx('en'), sphinx('zh')]]):
        sys.exit('Sphinx has not built the book.')
    shutil.copy(TOP / 'book/choose.html', BOOK / 'index.html')
    print(f'The book is in build/book/index.html ({time.monotonic() - began:.0f} s).')


main()
