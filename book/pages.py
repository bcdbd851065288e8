"""The pages of the book in one language, as Markdown for Sphinx (MyST): the text of
the sources, translated segment by segment, and beside it their code."""

import html
import pathlib
import posixpath
import re

import segments
from segments import TOP
from words import CHAPTERS, NEEDS, ZH

LESSONS = {int(folder.name[:2]): folder
           for folder in sorted(TOP.glob('lessons/[0-9][0-9]_*'))}
# Pages that are Markdown already, in the order of the menu, as far as they exist.
WRITTEN = {'exercises/quiz.md': 'quiz', 'bench/README.md': 'bench', 'lessons/NOTES.md': 'notes',
           'book/glossary.md': 'glossary', 'book/errors.md': 'errors', 'book/teachers.md': 'teachers'}
QUIZ = TOP / 'exercises/quiz.md'
EXERCISE = re.compile(r'(\d\d)([a-z])_')
DEFINED = re.compile(r'^(?:#define (\w+)|\w[\w *]*?[ *](\w+)\([^;{}]*\)(?:\n| )\{)', re.MULTILINE)
CODE = '/ /'  # what begins a comment that is code
SEPARATOR = re.compile(r'-{2,} (.*?) -{2,}')


# ---- sources ----------------------------------------------------------------

def rows(source):
    """A C source as pairs: lines of text, and the lines of code that they explain."""
    text, code = [], []
    for indent, lines in segments.runs(source):
        if indent is None:
            code += [line.replace(CODE, '//') for line in lines]
            continue
        if any(code):
            yield text, code
            text, code = [], []
        text += ['', *lines]
    yield text, code


def with_code_marked(source):
    """Comments that are code: a comment behind code that goes on in the next line."""
    column = None
    for line in source.splitlines():
        at = line.find('//')
        alone = line[:max(at, 0)].isspace() or at == 0
        if alone and at == column:
            line = line.replace('//', CODE, 1)
        elif alone or at < 0:
            column = None
        else:
            column = at
        yield line


def pieces(code):
    """Code, cut before each function, each piece with the names that it defines."""
    code, cuts = '\n'.join(code), [0]
    names = [(found.start(), found.group(1) or found.group(2)) for found in DEFINED.finditer(code)]
    cuts += [start for start, _ in names if code[start] != '#' and code[:start].strip()]
    for start, end in zip(cuts, [*cuts[1:], len(code)]):
        yield code[start:end].splitlines(), [name for at, name in names if start <= at < end]


def sections(lines, level='## '):
    """Markdown, cut at its headings: [heading or '', its lines]."""
    parts, fenced = [['', []]], False
    for line in lines:
        fenced ^= line.startswith('```')
        if line.startswith(level) and not fenced:
            parts.append([line[len(level):], []])
        else:
            parts[-1][1].append(line)
    return parts


def folders():
    """The folders of common/ in the order of the README, with what it says of them."""
    return dict(re.findall(r'^\| `common/(\w+)/` \| (.*) \|', (TOP / 'README.md').read_text(),
                           re.MULTILINE))


def in_reading_order(folder):
    """The files of a folder of common/. Its main header names them in this order."""
    main = next(path for name in (f'{folder.name}.h', 'context.h', 'connection.h', 'shm.h', '../mp.h')
                if (path := folder / name).exists())
    named = re.findall(r'\b(\w+)\.[ch]\b|"\w+/(\w+)\.h"', main.read_text())
    stems = [main.stem, *(a or b for a, b in named), *sorted(path.stem for path in folder.iterdir())]
    return [path for stem in dict.fromkeys(stems) for end in ('.h', '.c')
            if (path := folder / (stem + end)).exists()]


LIBRARY = {'lessons/lesson.h': 'common/index', 'common/mp.h': 'common/index', **{
    f'common/{name}/{path.name}': f'common/{name}'
    for name in folders() for path in (TOP / 'common' / name).iterdir()}}
DEFINITIONS = {}  # of a function: the files that define it
for _path in LIBRARY:
    for _found in DEFINED.finditer((TOP / _path).read_text()):
        DEFINITIONS.setdefault(_found.group(1) or _found.group(2), []).append(_path)


def place(path, name=None):
    """The page, and the place on it, that shows a file (and a function in it)."""
    path = posixpath.normpath(path)
    lesson = re.match(r'lessons/(\d\d_\w+)(?:/(\w+)\.\w+)?$', path)
    if path in LIBRARY:
        return f'{LIBRARY[path]}#{posixpath.basename(path)}' + (f'-{name}' if name else '')
    if path.startswith('common/') and (TOP / path).is_dir():
        return path
    if lesson:
        return lesson[1] + (f'#{lesson[2].replace("_", "-")}' if lesson[2] else '')
    return 'index' if path == 'README.md' else WRITTEN.get(path)


class Same(dict):
    """The translations into the language of the sources."""

    def get(self, text, default=None):
        return text


# ---- pages ------------------------------------------------------------------

class Page:
    """A page that is being written."""

    def __init__(self, language, name):
        self.language, self.name, self.lines = language, name, []
        self.table = self.table_of(TOP / 'README.md')

    def table_of(self, path):
        """The translations of the text of a file."""
        return Same() if self.language == 'en' else segments.load(segments.catalogue_of(path))

    def say(self, words):
        """The book's own words."""
        return words if self.language == 'en' else ZH[words]

    def url(self, where):
        page, mark, anchor = where.partition('#')
        language = 'en' if page.startswith('common/') else self.language
        return posixpath.relpath(f'{language}/{page}.html',
                                 posixpath.dirname(f'{self.language}/{self.name}')) + mark + anchor

    def link(self, where, text):
        return f'<a href="{self.url(where)}">{text}</a>'

    def add(self, *lines):
        self.lines += ['', *lines, '']

    def text(self, lines, table=None, base='', heading=0):
        """Adds text: translated, linked, its headings so much lower."""
        self.add(*self.linked(segments.translated(lines, self.table if table is None else table),
                              base, heading))

    def linked(self, lines, base='', heading=0):
        fenced = False
        for line in lines:
            fenced ^= line.startswith('```')
            if line.startswith('#') and not fenced:
                yield from ['', '#' * heading + line, '']
            elif fenced or line.startswith(('    ', '```')):
                yield line
            else:
                yield self.with_links(line, base)

    def numbers_linked(self, line):
        """A row of a table that begins or ends with the numbers of lessons."""
        return re.sub(r'(?<=^\| )\d+(?= \w+ \|)|(?<=[|,] )\d+(?=(, \d+)* \|$)', lambda found: self.link(
            LESSONS[int(found[0])].name, found[0]), line)

    def with_links(self, line, base):
        """A line in which functions, files and lessons lead to where they are shown."""
        files = re.findall(r'`([\w./]+\.[ch])`', line)
        parts = re.split(r'(`[^`]*`|\[[^\]]*\]\([^)]*\)|<[^>]*>)', line)
        for i, part in enumerate(parts):
            function = re.fullmatch(r'`(\w+)\(\)`', part)
            link = re.fullmatch(r'\[(.*)\]\(([^:]*)\)', part)
            where = None
            if function and function[1] in DEFINITIONS:
                there = DEFINITIONS[function[1]]
                named = [path for path in there if path in files]
                if named or function[1].startswith('mp_'):  # not Python's run()
                    where = place((named or there)[-1], function[1])
            elif link:
                part, where = link[1], place(posixpath.join(base, link[2]))
            elif re.fullmatch(r'`(common|lessons)/[\w./]+`', part):
                where = place(part.strip('`'))
            elif i % 2 == 0:
                part = part.replace('__', r'\_\_')  # as in __main__, and never bold
                part = re.sub(r'(?i)\blesson (\d+)|第 ?(\d+) ?课', self.lesson_link, part)
            parts[i] = self.link(where, part) if where else part
        return ''.join(parts)

    def lesson_link(self, found):
        folder = LESSONS.get(int(found[1] or found[2]))
        return self.link(folder.name, found[0]) if folder and folder.name != self.name else found[0]

    def code(self, lines, language, *classes):
        lines = '\n'.join(lines).strip('\n').splitlines() or [' ']
        self.add(f'~~~~~{{code-block}} {language}', f':class: {" ".join(classes)}', '', *lines, '~~~~~')

    def begin(self, colons, name):
        self.add(f'{":" * colons}{{container}} {name}')

    def end(self, colons):
        self.add(':' * colons)

    def row(self, text, code, kind, table=None, names=()):
        """Text, and beside it code."""
        self.begin(5, 'row')
        if names or any(text):
            self.begin(4, 'prose')
            self.add(*(f'<span id="{name}"></span>' for name in names))
            self.text(text, table)
            self.end(4)
        if any(code):
            self.code(code, 'c', 'source', kind)
        self.end(5)

    def annotated(self, parts, kind, table):
        """A program: pairs of text and code. The first text is not beside it."""
        self.begin(6, 'annotated')
        for i, (text, code) in enumerate(parts):
            self.row(text if i else [], code, kind, table)
        self.end(6)

    def folded(self, summary, write, opened=False):
        """Something that the reader unfolds."""
        words = re.sub('`([^`]*)`', r'<code>\1</code>', html.escape(summary, quote=False))
        self.add(f'<details{" open" * opened}><summary>{words}</summary>')
        write()
        self.add('</details>')

    def save(self, source):
        path = source / f'{self.name}.md'
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('\n'.join([*self.lines, '']))


def readme_rows(page):
    """Of each lesson what the README's table says: heading, idea, Python, C."""
    cells = {}
    for line in (TOP / 'README.md').read_text().splitlines():
        found = re.match(r'\| (\d+) \|', line)
        if found:
            _, said = next(segments.blocks([line]))
            cells[int(found[1])] = [
                page.table.get(cell) or segments.MISSING + cell if segments.has_words(cell) else cell
                for cell in said][2:]
    return cells


# ---- a lesson ---------------------------------------------------------------

def lesson(page, number, made):
    folder = LESSONS[number]
    programs = sorted(folder.glob('*.c'))
    heading, idea, python, ours = readme_rows(page)[number]
    page.add('# ' + page.say('Lesson N: ').replace('N', str(number)) + folder.name[3:])
    page.begin(4, 'lead')
    page.add(idea)
    page.add(f'{page.say("Python")}: {python}', '', f'C: {ours}', '',
             f'{page.say("Programs")}: ' + ' · '.join(
                 f'<a href="#{path.stem.replace("_", "-")}"><code>{path.name}</code></a>'
                 for path in programs))
    page.end(4)
    table = page.table_of(programs[0])
    for path in programs:
        program(page, path, table, made, made['views'][folder.name] if path == programs[0] else [])
    exercises = sorted(TOP.glob(f'exercises/{folder.name[:2]}[a-z]_*.c'))
    quizzes = re.findall(r'^## Lesson (\d+)', QUIZ.read_text(), re.MULTILINE)
    if exercises or str(number) in quizzes:
        page.add(f'## {page.say("Exercises")}', '', page.link('exercises', page.say('How to do an exercise')))
    if str(number) in quizzes:
        page.add(page.link(f'quiz#quiz-{number}', page.say('Quiz')) + f': `make quiz-{number}`')
    for path in exercises:
        exercise(page, path)


def program(page, path, table, made, views):
    name = path.stem
    parts = list(rows(path.read_text()))
    (_, intro), = sections(parts[0][0], '## ')
    title = next(line for line in intro if line.startswith('# '))
    page.add(f'({name})=')
    page.text([f'#{title}'], table)
    page.text([line for line in intro if line != title], table)
    page.begin(7, 'program')
    tail = parts.pop()[0] if not any(parts[-1][1]) else []
    page.annotated(parts, f'source-{name}', table)
    page.begin(6, 'original')
    page.folded(f'{page.say("The Python original")}: {name}.py', lambda: page.code(
        path.with_suffix('.py').read_text().splitlines(), 'python', f'python-{name}'), opened=True)
    page.end(6)
    page.end(7)
    prints(page, name, *made['printed'][name])
    for title, lines in sections(tail):
        page.text([f'### {title}', *lines] if title else lines, table)
        if title == 'See it':
            for view in views:
                show(page, view)
        if title == 'Try this':
            answers(page, name)


def prints(page, name, short, outputs):
    page.add(f'### {page.say("What it prints")}')
    page.begin(4, 'pair')
    for kind, target in (('C', 'lesson'), ('Python', 'python')):
        page.begin(3, 'printed')
        arguments = f' ARGS="{" ".join(short)}"' if short else ''
        page.add(f'{kind}: `make {target}-{name}{arguments}`')
        if outputs[kind] is None:
            page.add(page.say('This program needs Open MPI, which this machine lacks.'))
        else:
            page.code(outputs[kind].splitlines(), 'text', f'printed-{kind.lower()}-{name}')
        page.end(3)
    page.end(4)


def show(page, view):
    """What a view printed and drew."""
    page.add(f'<p class="caption"><code>{view["command"]}</code>'
             f' {page.say(view.get("when", "on this machine, in this build"))}</p>')
    for stem, title in view['pictures']:
        page.add('<figure tabindex="0">', *(
            f'<img class="only-{theme}" src="../pictures/{stem}-{theme}.svg" alt="{html.escape(title)}">'
            for theme in ('light', 'dark')), '</figure>')
    lines = view['text'].splitlines()
    if view['pictures'] and view['text'].strip():
        page.folded(page.say('The same as text'), lambda: page.code(lines, 'text', 'view'))
    elif lines:
        page.code(lines, 'text', 'view')


def answers(page, name):
    path = TOP / f'exercises/answers/{name}.md'
    table = page.table_of(path)
    page.add(page.say('A command is shown with a part of what it prints; `<number>` and the like '
                      'stand for what varies.'))
    for title, lines in sections(path.read_text().splitlines())[1:]:
        page.folded(f'{page.say("Answer")} {table.get(title) or title}', lambda: page.text(lines, table))


def exercise(page, path):
    number, letter = EXERCISE.match(path.name).groups()
    name = f'{int(number)}{letter}'
    table = page.table_of(path)
    parts = list(rows(path.read_text()))
    _, first, *task = parts[0][0]
    page.add(f'(exercise-{name})=', f'### {name}: {table.get(first[2:]) or first[2:]}')
    page.text(task, table)
    page.add(f'`make try-{name}`')
    page.annotated(parts, f'source-{name}', table)
    for title, lines in sections(path.with_suffix('.md').read_text().splitlines()):
        if title.startswith(('Hint', 'Solution')):
            words, _, step = title.partition(' ')
            page.folded(f'{name}: {page.say(words)} {step}', lambda: page.text(lines, table))


# ---- the other pages --------------------------------------------------------

def library(page, folder, says, files):
    """The annotated source of a folder of common/, in English."""
    page.lines = ['---', 'orphan: true', '---']
    page.add(f'# {folder}', '', says)
    page.add(' · '.join(page.link(place(str(path.relative_to(TOP))), f'`{path.name}`') for path in files))
    for path in files:
        page.add(f'<span id="{path.name}"></span>', '', f'## {path.name}')
        page.begin(6, 'annotated')
        for text, code in rows('\n'.join(with_code_marked(path.read_text()))):
            text = as_code(text)
            for line in [line for line in text if SEPARATOR.fullmatch(line)]:
                at = text.index(line)
                if any(text[:at]):
                    page.row(text[:at], [], '')
                page.end(6)
                page.add(f'### {SEPARATOR.fullmatch(line)[1]}')
                page.begin(6, 'annotated')
                text = text[at + 1:]
            for i, (piece, names) in enumerate(pieces(code)):
                page.row([] if i else text, piece, f'source-{path.name}',
                         names=[f'{path.name}-{name}' for name in names])
        page.end(6)


def as_code(lines):
    """A paragraph that stands in columns keeps them."""
    out = []
    for paragraph in '\n'.join(lines).split('\n\n'):
        columns = re.search(r'-{5,}  +-{5,}', paragraph)
        out += ['', *('    ' * bool(columns) + line for line in paragraph.splitlines())]
    return out


def written(page, path):
    lines = (TOP / path).read_text().splitlines()
    if page.name == 'quiz':
        quiz(page, lines)
        return
    page.text(lines, base=posixpath.dirname(path))
    if page.name in ('glossary', 'teachers'):
        page.lines = [page.numbers_linked(line) for line in page.lines]


def quiz(page, lines):
    """Questions: an option is its output, and then the answer, which is folded."""
    for title, lines in sections(lines):
        if title:
            number = title.split()[1]
            page.add(f'(quiz-{number})=', *segments.translated([f'## {title}'], page.table))
            page.add(page.link(LESSONS[int(number)].name, LESSONS[int(number)].name[3:]))
        for option, lines in sections(lines, '### '):
            output = [line for line in lines if not line or line.startswith('    ')] if option else lines
            page.text([f'### {option}', *output] if option else output)
            if option:
                page.folded(page.say('Answer'), lambda: page.text(
                    [line for line in lines if not line.startswith('    ')]))


def exercises(page):
    page.add(f'# {page.say("Exercises")}')
    page.text(dict(sections((TOP / 'README.md').read_text().splitlines()))['Exercises'])
    for path in sorted(TOP.glob('exercises/[0-9]*.c')):
        number, letter = EXERCISE.match(path.name).groups()
        table = page.table_of(path)
        title = path.read_text().partition('\n')[0].replace('// # ', '')
        name = f'{int(number)}{letter}'
        page.lines.append('- ' + page.link(f'{LESSONS[int(number)].name}#exercise-{name}',
                                  f'{name}: {table.get(title) or title}'))


def bench(page, pictures):
    """bench/README.md, with the pictures of this machine."""
    for paragraph in (TOP / 'bench/README.md').read_text().split('\n\n'):
        page.text(paragraph.splitlines())
        name = re.match(r'\*\*(\w+)\.\*\*', paragraph)
        for stem, title in pictures:
            if name and stem == f'bench-{name[1]}':
                show(page, {'command': f'make {stem}', 'text': '', 'pictures': [(stem, title)],
                            'when': 'on this machine'})
        if paragraph == '## The pictures' and not pictures:
            page.add(page.say('There are no pictures yet: type `make bench`, and then `make book`.'))


def start(page, pages):
    """The README, with a map in the place of its table, which is folded."""
    (_, first), *others = sections((TOP / 'README.md').read_text().splitlines())
    first = [line for line in first if 'README.zh-CN.md' not in line]
    read = first.index('    make read-1') + 1
    page.text(first[:read])
    page.add(page.say('or read it here, with its Python original and what it prints:'))
    page.add('<p class="begin">' + page.link(LESSONS[1].name, page.say('Read lesson 1')) + '</p>')
    page.add(page.say('Then `make try-1a` begins its first exercise, and `make next` says what to read and '
                      'to try after that.'))
    page.text(first[read:])
    for title, lines in others:
        if title == 'The lessons':
            page.text([f'## {title}'])
            lesson_map(page)
            page.folded(page.say("The notes' headings, Python's names and ours"), lambda: page.text(lines))
        elif title not in ('The book', 'Exercises'):
            page.text([f'## {title}', *lines])
    for chapter, numbers in CHAPTERS.items():
        page.add('```{toctree}', ':hidden:', f':caption: {page.say(chapter)}', '', *(
            f'{n} · {LESSONS[n].name[3:]} <{LESSONS[n].name}>' for n in numbers), '```')
    page.add('```{toctree}', ':hidden:', f':caption: {page.say("More")}', '', *pages, '```')


def lesson_map(page):
    cells = readme_rows(page)
    for chapter, numbers in CHAPTERS.items():
        page.add(f'<section class="chapter"><h3>{page.say(chapter)}</h3><ol>')
        for n in numbers:
            needs = ' '.join(f'<a href="#map-{m}">{m}</a>' for m in NEEDS[n])
            page.add(f'<li id="map-{n}"><span class="number">{n}</span>',
                     '', page.link(LESSONS[n].name, LESSONS[n].name[3:]), '', cells[n][1], '',
                     f'<p class="needs">{page.say("needs")} {needs}</p>' if needs else '', '', '</li>')
        page.add('</ol></section>')
