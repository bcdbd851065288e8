"""An exercise as its files say it: exercises/07a_slug.c, the starter; .md, hints,
solution and wrong answers; .py, the checker."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

FOLDER = pathlib.Path(__file__).parent
BEGIN, END = '// ---- your part', '// ---- end of your part'
BUILD = os.environ.get('B', 'build/cc')
# What not each build has (Makefile), and the tool that runs it, if any; an exercise's
# .md says in its first line what it needs.
OPTIONAL = {'OpenSSL': ('-DMP_OPENSSL', None), 'Open MPI': ('-DMP_OPENMPI', 'mpirun')}


class Exercise:
    def __init__(self, starter):
        self.starter, self.checker = starter, starter.with_suffix('.py')
        self.name = starter.name.partition('_')[0].lstrip('0')  # 7a
        self.lesson = int(self.name[:-1])
        self.text = starter.read_text()
        self.title = self.text.partition('\n')[0][len('// # '):]
        self.hints, self.wrong, self.solution, self.because = [], [], None, None
        head, *sections = re.split(r'^## ', starter.with_suffix('.md').read_text(),
                                   flags=re.M)
        self.needs = head.strip().removeprefix('Needs ').rstrip('.')
        for section in sections:
            title, _, body = section.partition('\n')
            if title.startswith('Hint'):
                self.hints.append(body.strip())
                continue
            code = re.search(r'^```c\n(.*?)^```$', body, re.M | re.S)
            if title == 'Solution':
                self.solution, self.because = code[1], body[code.end():].strip()
            else:
                reasons = tuple(re.findall(r'^> (.*)', body, re.M))  # any of them
                self.wrong.append((title.removeprefix('Wrong: '), code[1], reasons))

    def can_be_built(self):
        if not self.needs:
            return True
        option, tool = OPTIONAL[self.needs]
        has = pathlib.Path(BUILD, 'optional')  # where anything was built
        return (not has.exists() or option in has.read_text().split()) and \
            (tool is None or shutil.which(tool) is not None)

    def with_part(self, part):
        """The starter's text with this part in the gap."""
        begin = self.text.index('\n', self.text.index(BEGIN)) + 1
        end = self.text.rindex('\n', 0, self.text.index(END)) + 1
        return self.text[:begin] + part + self.text[end:]


def exercises():
    return [Exercise(path) for path in sorted(FOLDER.glob('[0-9][0-9][a-z]_*.c'))]


def in_language(text, path):
    """Text of a file as a student reads it: under a LANG that begins with zh it is in
    Chinese, where polib is installed."""
    if os.environ.get('LANG', '').startswith('zh'):
        sys.path.append(str(FOLDER.parent / 'book'))
        try:
            import segments
            return '\n'.join(segments.in_chinese(path, text))
        except ImportError:
            pass
    return text


def compile_c(source, program, *options):
    """Compiles as the Makefile does. Whether that worked, and what the compiler said."""
    flags, _, objects = pathlib.Path(BUILD, 'exercise').read_text().strip().partition(' -- ')
    program.parent.mkdir(parents=True, exist_ok=True)
    ended = subprocess.run([*flags.split(), *options, '-o', program, source,
                            *objects.split()], stderr=subprocess.PIPE, text=True)
    return ended.returncode == 0, ended.stderr
