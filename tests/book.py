#!/usr/bin/python3
"""Checks the book that `make book` has built: that each lesson's page has the code of
its programs byte for byte, all of their text, and output as the .expected files say;
that all links lead to something; and that all this is noticed where it is not so."""

import html.parser
import os
import pathlib
import re
import shutil
import sys
import tempfile
import time
import urllib.parse

sys.dont_write_bytecode = True  # the tree stays clean
from expected import PATTERNS, Expected

sys.path.append('book')
import segments

BOOK = pathlib.Path('build/book')
B = os.environ.get('B', 'build/cc')


class Shown(html.parser.HTMLParser):
    """What a page shows: its text, its boxes of code by their class, its links."""

    def __init__(self, text):
        super().__init__()
        self.text, self.boxes, self.ids, self.links, self.loads = [], [], set(), [], []
        self.box = None
        self.feed(text)
        self.words = only_words(''.join(self.text))

    def handle_starttag(self, tag, attributes):
        has = dict(attributes)
        self.ids.add(has.get('id'))
        found = re.search(r'\b(source|python|printed-c|printed-python)-\S+', has.get('class') or '')
        if tag == 'div' and found:
            self.box = found.group()
        elif tag == 'pre' and self.box:
            self.boxes.append((self.box, []))
        self.links += [has['href']] if tag == 'a' and 'href' in has else []
        self.loads += [has[name] for name in ('src', 'href') if tag != 'a' and name in has]

    def handle_endtag(self, tag):
        self.box = None if tag == 'pre' else self.box

    def handle_data(self, data):
        self.text.append(data)
        if self.box and self.boxes:
            self.boxes[-1][1].append(data)

    def of(self, kind):
        return [''.join(texts) for box, texts in self.boxes if box == kind]


def only_words(text):
    """Without marks and spaces, of which HTML has others than Markdown."""
    return re.sub(r'\W', '', text)


def problem_of_code(rows, source):
    """What is wrong with rows that should be the code between a source's comments."""
    rows = [row.strip('\n').split('\n') for row in rows]
    code = [line for row in rows for line in row if line]
    wanted = [line for line in source.splitlines() if line and not re.match(r'\s*//', line)]
    for shown, line in zip([*code, '(nothing)'], wanted):
        if shown != line:
            return f'it shows {shown!r} where the source has {line!r}'
    if len(code) > len(wanted):
        return f'it shows {code[len(wanted)]!r}, which is not in the source'
    for row in rows:
        if '\n'.join(row) not in source:
            return f'a row that begins with {row[0]!r} has other blank lines than the source'
    return None


def problem_of_text(page, source, language):
    """Which segment of a source's text a page lacks."""
    table = segments.load(segments.catalogue_of(source)) if language == 'zh' else {}
    for text in segments.all_segments(source):
        said = text if language == 'en' else table.get(text) or segments.MISSING + text
        if only_words(re.sub(r'\[([^]]*)\]\([^)]*\)', r'\1', said)) not in page.words:
            return f'it lacks the text {said[:60]!r}'
    return None


def problem_of_output(page, source, kind):
    expected = Expected(source.with_suffix('.expected'), 'fork', kind)
    if kind == 'C':
        expected.of(f'{B}/lessons/{source.parent.name}/{source.stem}')
    shown = page.of(f'printed-{kind.lower()}-{name_of(source)}')
    if not shown:
        return None if expected.launch and 'OpenMPI' in page.words else f'it shows no output of {kind}'
    now = re.sub(PATTERNS['ctime'], time.ctime(), shown[0])  # of the day of the build
    return None if expected.matches(now.strip().splitlines(), {}) else f'it shows what {kind} does not print: {shown[0]!r}'


def name_of(source):
    """As a class of HTML."""
    return source.stem.replace('_', '-')


def problem_of_lesson(page, folder, language):
    """What is wrong with the page of a lesson, or None."""
    for source in sorted(folder.glob('*.c')):
        name = name_of(source)
        original = ''.join(page.of(f'python-{name}')).strip('\n')
        problem = problem_of_code(page.of(f'source-{name}'), source.read_text()) or \
            problem_of_text(page, source, language) or \
            problem_of_output(page, source, 'C') or problem_of_output(page, source, 'Python')
        if not problem and original != source.with_suffix('.py').read_text().strip('\n'):
            problem = 'its Python original is another'
        if problem:
            return f'{source.name}: {problem}'
    return None


def problem_of_links(path, page, ids):
    """The first link that leads to nothing; or what a page loads from a network."""
    for link in page.links + page.loads:
        url = urllib.parse.urlsplit(link)
        if url.scheme and link in page.links:
            continue
        if url.scheme or url.netloc:
            return f'loads {link}'
        to = (path.parent / urllib.parse.unquote(url.path)).resolve() if url.path else path.resolve()
        if not to.is_file():
            return f'{link} leads to no file'
        if url.fragment and urllib.parse.unquote(url.fragment) not in ids.get(to, ()):
            return f'{link} leads to no place in its page'
    return None


def wrong_pages(text):
    """Pages of lesson 3 that are wrong, each with what should be said about it."""
    row = re.search(r'<div class="source source-many .*?</div>\n</div>', text, re.DOTALL).group()
    printed = re.search(r'<div class="printed-c-many .*?</pre>', text, re.DOTALL).group()
    return [
        ('a changed name', 'where the source has', text.replace('>p_list<', '>q_list<', 1)),
        ('a row that is missing', 'where the source has', text.replace(row, '', 1)),
        ('a row that is there twice', 'the source', text.replace(row, row + row, 1)),
        ('other words', 'lacks the text', text.replace('objects are in an array', 'objects are in a row')),
        ('other output', 'does not print',
         text.replace(printed, printed.replace('\nend', '\nthe end'), 1)),
        ('output that is missing', 'no output', text.replace(printed, '', 1)),
        ('another original', 'original is another', text.replace('fork&#39;', 'spawn&#39;')),
    ]


def cases(pages, ids):
    """Pairs: a fact, and a function that says what is wrong, or None."""
    for language in ('en', 'zh'):
        for folder in sorted(pathlib.Path('lessons').glob('[0-9][0-9]_*')):
            page = pages.get(BOOK / language / f'{folder.name}.html')
            yield (f'{language}/{folder.name} has its code, its text and its output',
                   lambda p=page, f=folder, l=language: problem_of_lesson(p, f, l) if p else 'no page')
    for path, page in pages.items():
        yield (f'all links of {path.relative_to(BOOK)} lead to something',
               lambda p=path, s=page: problem_of_links(p, s, ids))

    many, folder = BOOK / 'en/03_many.html', pathlib.Path('lessons/03_many')
    for what, sentence, text in wrong_pages(many.read_text()):
        def noticed(sentence=sentence, text=text):
            said = problem_of_lesson(Shown(text), folder, 'en')
            return None if said and sentence in said else f'it is said: {said}'
        yield f'{what} is noticed', noticed

    def change_noticed():
        with tempfile.TemporaryDirectory() as scratch:
            copy = pathlib.Path(shutil.copytree(folder, f'{scratch}/03_many'))
            source = copy / 'many.c'
            source.write_text(source.read_text().replace('mp_main(', 'mp_main_again('))
            said = problem_of_lesson(pages[many], copy, 'en')
        return None if said and 'where the source has' in said else f'it is said: {said}'
    yield 'a source that has changed since is noticed', change_noticed

    for what, old, new in (('a link to no page', 'href="10_sum.html"', 'href="10_some.html"'),
                           ('a link to no place', '#fork.c-launch"', '#fork.c-lunch"'),
                           ('a picture from a network', '<img class="only-light" src="', '<img src="https://')):
        path = BOOK / 'en' / ('01_hello.html' if 'place' in what else '03_many.html')
        text = path.read_text()
        yield f'{what} is noticed', lambda p=path, a=text, b=text.replace(old, new, 1): (
            None if problem_of_links(p, Shown(b), ids) or '<img' in old and '<img' not in a else 'it is not')


def main():
    if not (BOOK / 'index.html').exists():
        print('1..0 # SKIP there is no book: type make book')
        return
    pages = {path: Shown(path.read_text()) for path in
             [BOOK / 'index.html', *sorted(BOOK.glob('en/**/*.html')), *sorted(BOOK.glob('zh/**/*.html'))]}
    ids = {path.resolve(): page.ids for path, page in pages.items()}
    todo = list(cases(pages, ids))
    print(f'1..{len(todo)}')
    for number, (fact, wrong) in enumerate(todo, 1):
        problem = wrong()
        print(f'{"not ok" if problem else "ok"} {number} - {fact}', flush=True)
        if problem:
            print(f'# {fact}: {problem}', file=sys.stderr)


main()
