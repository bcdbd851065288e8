"""The text of the lessons and pages in segments: a paragraph, a heading, an item of
a list, a cell of a table. Each is translated as a whole by gettext.

    book/segments.py zh FILE..   prints sources or pages in Chinese
    book/segments.py merge       brings all .po files up to date with their texts
    book/segments.py count       counts the segments without a valid translation
    book/segments.py code        names the translations that lack code of their text

A translation lies in zh.po beside its text, of pages in book/zh.po. One that is
marked fuzzy there is stale: the English text has changed since."""

import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import unicodedata

TOP = pathlib.Path(__file__).resolve().parent.parent
PAGES = ['README.md', 'lessons/NOTES.md',
         *(f'book/{page}.md' for page in ('glossary', 'errors', 'teachers')),
         'exercises/quiz.md', 'bench/README.md']
WIDTH = 72  # of lessons
COMMENT = re.compile(r'(\s*)//(?! ---- .*[^-]$) ?(.*)')  # the mark of a gap is code
EXERCISE = re.compile(r'\d\d[a-z]_.*\.md')
LEAD = re.compile(r'(#+ |- |)')  # what begins a block, and is not its text


def blocks(lines):
    """The blocks of Markdown lines: (lead, text) of one that is translated, where lead
    is '# ', '- ', .. or ''; (None, line) of a line that is not, as of code; and
    ('|', cells) of a row of a table."""
    text, fenced = [], False

    def paragraph():
        if text:
            lead = LEAD.match(text[0]).group()
            words = ' '.join([text[0][len(lead):], *text[1:]]).split()
            yield lead, ' '.join(words)
            text.clear()

    for line in lines:
        fence = line.startswith('```')
        if fence or fenced or line.startswith(('>', '|')) or not line.strip() or (
                line.startswith('    ') and not text):
            yield from paragraph()
            if line.startswith('|') and not fenced and not re.fullmatch(r'[|: -]+', line):
                yield '|', [cell.strip() for cell in line.strip('|').split('|')]
            else:
                yield None, line
            fenced ^= fence
        else:
            if LEAD.match(line).group() or text and text[0].startswith('#'):
                yield from paragraph()
            text.append(line.strip())
    yield from paragraph()


def has_words(text):
    """Whether there is something to translate: a letter outside of code."""
    return re.search(r'[^\W\d_]', re.sub(r'`[^`]*`', '', text)) is not None


def segments(lines):
    for lead, text in blocks(lines):
        if lead is not None:
            yield from filter(has_words, text if lead == '|' else [text])


def runs(source):
    """The parts of a C source: (indent, lines) of a comment, (None, lines) of code."""
    indent, lines = None, []
    for line in source.splitlines():
        found = COMMENT.fullmatch(line)
        now = found.group(1) if found else None
        if now != indent and lines:
            yield indent, lines
            lines = []
        indent = now
        lines.append(found.group(2) if found else line)
    yield indent, lines


def all_segments(path):
    text = path.read_text()
    if EXERCISE.fullmatch(path.name):  # of which only tests see the wrong answers
        text = re.sub('^## .*', '', text.partition('\n## Wrong')[0], flags=re.MULTILINE)
    if path.suffix == '.md':
        yield from segments(text.splitlines())
    else:
        for indent, lines in runs(text):
            if indent is not None:
                yield from segments(lines)


# ---- translations -----------------------------------------------------------

def catalogues():
    """Each .po file, and the files whose text it translates."""
    yield TOP / 'book/zh.po', [TOP / page for page in PAGES]
    for folder in sorted(TOP.glob('lessons/[0-9][0-9]_*')):
        yield folder / 'zh.po', sorted(folder.glob('*.c'))
    yield TOP / 'exercises/zh.po', [path for path in sorted(TOP.glob('exercises/[0-9]*'))
                                    if path.suffix in ('.c', '.md')]
    yield TOP / 'exercises/answers/zh.po', sorted(TOP.glob('exercises/answers/*.md'))


def catalogue_of(path):
    path = pathlib.Path(path).resolve()
    return TOP / 'book/zh.po' if str(path.relative_to(TOP)) in PAGES else path.parent / 'zh.po'


def load(path):
    """The valid translations of a .po file, by the English text."""
    import polib
    if not path.exists():
        return {}
    return {entry.msgid: entry.msgstr for entry in polib.pofile(str(path))
            if entry.translated()}


def merge():
    import polib
    for path, sources in catalogues():
        fresh = polib.POFile(wrapwidth=78)
        fresh.metadata = {'Content-Type': 'text/plain; charset=UTF-8', 'Language': 'zh_CN'}
        for source in sources:
            for text in all_segments(source):
                if fresh.find(text) is None:
                    fresh.append(polib.POEntry(msgid=text, comment='', occurrences=[
                        (str(source.relative_to(TOP)), '')]))
        if not path.exists():
            fresh.save(str(path))
            continue
        with tempfile.NamedTemporaryFile(suffix='.pot') as new:
            fresh.save(new.name)
            subprocess.run(['msgmerge', '--quiet', '--update', '--backup=none',
                            '--previous', str(path), new.name], check=True)


def count():
    """Prints how many segments are missing or stale; False where a file is not up to
    date, so that merge would change it."""
    import polib
    current = True
    for path, sources in catalogues():
        wanted = {text for source in sources for text in all_segments(source)}
        entries = polib.pofile(str(path)) if path.exists() else []
        there = {entry.msgid for entry in entries if not entry.obsolete}
        missing = sum(not (e.msgstr or e.obsolete) for e in entries)
        stale = sum(e.fuzzy for e in entries)
        if missing or stale or there != wanted:
            print(f'{path.relative_to(TOP)}: {missing} missing, {stale} stale'
                  + ('' if there == wanted else '; not merged: type make translations'))
        current &= there == wanted
    return current


def code():
    """Prints the translations that do not quote the code of their text."""
    import polib
    good = True
    for path, _ in catalogues():
        for entry in polib.pofile(str(path)).translated_entries():
            spans = [sorted(re.findall('`[^`]+`', text))
                     for text in (entry.msgid, entry.msgstr)]
            if spans[0] != spans[1]:
                good = False
                print(f'{path.relative_to(TOP)}: {entry.msgstr}')
    return good


# ---- text in another language -----------------------------------------------

MISSING = '〔英文〕'  # before a segment that is shown in English


def translated(lines, table, width=None):
    """Markdown lines with each segment translated: one line a segment, or as wide."""
    def say(text):
        if not has_words(text):
            return text
        return table.get(text) or f'{MISSING}{text}'

    for lead, text in blocks(lines):
        if lead is None:
            yield text
        elif lead == '|':
            yield '| ' + ' | '.join(map(say, text)) + ' |'
        else:
            line, whole = lead + say(text), not width or lead.startswith('#')
            yield from [line] if whole else wrapped(line, width)


def columns(text):
    return sum(2 if unicodedata.east_asian_width(c) in 'WF' else 1 for c in text)


# Where a line may be broken: at a space that is not in code, and between two Chinese
# characters, but not before a mark that ends a clause, nor after one that opens it.
CJK, OPEN, SHUT = '⺀-鿿＀-￯　-〿', '（「『【〔《“', '，。；：！？、）」』】〕》”…'
WORDS = re.compile(rf' |[{OPEN}]*(?:`[^`]*`|[^\s`{CJK}“”]+|[{CJK}]|[“”])[{SHUT}.,;:?!)]*')


def wrapped(line, width):
    hang = ' ' * len(LEAD.match(line).group())
    rows, row = [], ''
    for word in WORDS.findall(line):
        if row and columns(row + word.rstrip()) > width:
            rows.append(row.rstrip())
            row = hang
        if word != ' ' or row.strip():
            row += word
    return rows + [row]


def in_chinese(path, text=None):
    """The lines of a source or page, or of a text out of it, translated."""
    path = pathlib.Path(path)
    table = load(catalogue_of(path))
    text = path.read_text() if text is None else text
    if path.suffix == '.md':
        yield from translated(text.splitlines(), table, None if path.name == 'README.md' else 80)
        return
    for indent, lines in runs(text):
        if indent is None:
            yield from lines
            continue
        for line in translated(lines, table, WIDTH - 3 - len(indent)):
            yield f'{indent}// {line}'.rstrip()


def main(command, *paths):
    try:
        import polib
    except ImportError:
        raise SystemExit('Translations need polib: install python3-polib, or type make deps.')
    if command == 'merge':
        merge()
        (TOP / 'README.zh-CN.md').write_text('\n'.join(in_chinese(TOP / 'README.md')) + '\n')
    elif command in ('count', 'code'):
        return 0 if {'count': count, 'code': code}[command]() else 1
    else:
        for path in paths:
            print(*in_chinese(path), sep='\n')


if __name__ == '__main__':
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # as in `make read-3 LANG=zh | head`
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    sys.exit(main(*sys.argv[1:]))
