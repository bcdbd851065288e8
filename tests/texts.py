#!/usr/bin/env python3
"""Holds the pages of book/ to what they speak about: every sentence that the library
can say as an error is in book/errors.md with its errno, and no other; the glossary
has at most 40 words; the translations fit the English text. Counts what is not
translated, or no longer fits."""

import pathlib
import re
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent
CALL = re.compile(r'\bmp_fail\(\s*(?P<errno>[^,"]+),(?P<text>(?:\s*(?:"[^"]*"|MP_[A-Z_]+))+)')
VARIABLES = {'MP_START_METHOD_VARIABLE': 'MP_START_METHOD'}


def sentences():
    """(errno or '', format) of each call of mp_fail."""
    for path in sorted(TOP.glob('common/*/*.c')):
        for call in CALL.finditer(path.read_text()):
            parts = re.findall(r'"([^"]*)"|(MP_[A-Z_]+)', call['text'])
            text = ''.join(quoted or VARIABLES[name] for quoted, name in parts)
            error = call['errno'].strip()
            if text != '%s':  # repeats another failure's
                yield (error if re.fullmatch('E[A-Z0-9]+', error) else ''), text


def error_index():
    """What is wrong with book/errors.md, a line each."""
    rows = [(text, errno) for text, errno in re.findall(
        r'^\| `(.*?)` \| (?:`(\w+)`)? *\|', (TOP / 'book/errors.md').read_text(), re.M)]
    unused = dict(rows)
    for errno, text in sentences():
        pattern = '.+'.join(map(re.escape, re.split(r'%[#l]*[a-z]+', text)))
        found = [row for row in rows if re.fullmatch(pattern, row[0])]
        for row in found:
            unused.pop(row[0], None)
        if not found:
            yield f'not there: {text!r}'
        elif errno and all(row[1] not in (errno, '') for row in found):
            yield f'{text!r} has the errno {errno}'
    for text in unused:
        yield f'nothing says: {text!r}'


def glossary():
    """What is wrong with book/glossary.md, a line each."""
    rows = re.findall(r'^\| ([^|]+) \| ([^|]+) \|.*\| ([^|]+) \|$',
                      (TOP / 'book/glossary.md').read_text(), re.M)[2:]
    if not 0 < len(rows) <= 40:
        yield f'it has {len(rows)} words'
    for word, chinese, lessons in rows:
        if not re.search('[一-鿿]', chinese):
            yield f'{word} has no Chinese term'
        for number in re.findall(r'\d+', lessons):
            if not list(TOP.glob(f'lessons/{int(number):02}_*')):
                yield f'{word}: there is no lesson {number}'


def book(command, *paths):
    """book/segments.py, run by a python3 that has polib: (status, output)."""
    python = '/usr/bin/python3' if pathlib.Path('/usr/bin/python3').exists() else 'python3'
    ran = subprocess.run([python, '-B', TOP / 'book/segments.py', command, *paths],
                         capture_output=True, text=True)
    return ran.returncode, ran.stdout + ran.stderr


def translations():
    """Whether each .po file has the segments of its texts, and no others."""
    status, output = book('count')
    print(*('# ' + line for line in output.splitlines()), sep='\n')
    if status != 0:
        yield output


def code_spans():
    """Whether each translation has the code of its text."""
    status, output = book('code')
    if status != 0:
        yield from output.splitlines()


def translated_sources():
    """Whether a text in Chinese has the code of the text, byte for byte."""
    for code, paths in (r'^(?! *//(?! ----))[^\n]*', ['lessons/*/*.c', 'exercises/*.c']), \
                       (r'^    [^\n]*|^```.*?^```', ['exercises/*.md', 'exercises/answers/*.md']):
        sources = sorted(str(path) for some in paths for path in TOP.glob(some))
        status, output = book('zh', *sources)
        texts = ''.join(pathlib.Path(source).read_text() for source in sources), output
        found = [re.findall(code, text, re.M | re.S) for text in texts]
        if status != 0 or found[0] != found[1]:
            yield next((f'{a!r} is now {b!r}' for a, b in zip(*found) if a != b), output[-300:])[:300]


def readme():
    if book('zh', 'README.md')[1] != (TOP / 'README.zh-CN.md').read_text():
        yield 'type make translations'


FACTS = [
    (error_index, 'book/errors.md has every sentence of the library, and no other'),
    (glossary, 'the glossary has at most 40 words, each with its Chinese term and lesson'),
    (translations, 'the .po files have the segments of the texts, and no others'),
    (code_spans, 'a translation quotes the code that its text quotes'),
    (translated_sources, 'a lesson, an exercise and an answer in Chinese have the same code'),
    (readme, 'README.zh-CN.md is the translation of README.md'),
]

print(f'1..{len(FACTS)}')
failed = False
for number, (fact, name) in enumerate(FACTS, 1):
    wrong = list(fact())
    failed |= bool(wrong)
    print('not ok' if wrong else 'ok', number, '-', name)
    for line in wrong:
        print('#', line)
sys.exit(failed)
