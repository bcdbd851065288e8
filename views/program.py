"""What each view knows of the programs that it is given.

A view is called as `views/NAME.py STEM..`, with the stems of a lesson's programs
(lessons/03_many/many), or as `views/NAME.py -- PROGRAM ARGUMENT..`. In the environment
B is the build's folder (build/cc), and ARGS are arguments in the place of the short
ones. What a view draws goes to build/views, or VIEWS."""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import types

sys.path.append('tests')  # expected.py is there
signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # as in `make side-1 | head`

PYTHON = os.path.realpath(sys.executable)  # a shim would start shells of its own
METHOD = os.environ.get('MP_START_METHOD', 'fork')
OUTPUT = pathlib.Path(os.environ.get('VIEWS', 'build/views'))


class Program:
    """One program, its command, and its Python original's."""

    def __init__(self, stem, build, arguments):
        self.stem = pathlib.Path(stem)
        self.name = self.stem.name
        self.title = f'C: {self.name}'
        self.expected = self.stem.with_suffix('.expected').read_text()
        self.arguments = arguments.split() or self.of_expected('short').split()
        self.launch = self.of_expected('launch').split()  # what starts the C program
        self.command = [f'{build}/{stem}', *self.arguments]
        self.original = [PYTHON, f'{stem}.py', *self.arguments]

    def of_expected(self, word):
        """What a line `# word: ...` of the .expected file says, or ''."""
        found = re.search(rf'^(\[C\] )?# {word}: (.*)', self.expected, re.MULTILINE)
        return found.group(2) if found else ''


def given():
    """The programs that the command line names. One of the reader's own has no original."""
    if sys.argv[1] == '--':
        name = pathlib.Path(sys.argv[2]).stem
        return [types.SimpleNamespace(name=name, title=name, command=sys.argv[2:],
                                      launch=[], original=None)]
    build, arguments = os.environ.get('B', 'build/cc'), os.environ.get('ARGS', '')
    return [Program(stem, build, arguments) for stem in sys.argv[1:]]


def need(tool, package):
    """Ends with one line where a tool is missing."""
    if shutil.which(tool) is None:
        sys.exit(f'This needs {tool}. Install the package {package}, or type make deps.')


def draw(view, table):
    """Draws the table by views/VIEW.gp, and says where the pictures are."""
    if shutil.which('gnuplot') is None:
        print('There is no gnuplot, so there are no pictures: install the package '
              'gnuplot-nox, or type make deps.')
        return
    stem = table.with_suffix('')
    drawing = [subprocess.Popen(['gnuplot', '-e', f"data='{table}'; fmt='{kind}'; "
                                 f"theme='{theme}'; out='{stem}-{theme}.{kind}'",
                                 f'views/{view}.gp'])
               for kind in ('svg', 'png') for theme in ('light', 'dark')]
    if any([gnuplot.wait() for gnuplot in drawing]):
        sys.exit(1)  # gnuplot has said why
    print(f'Pictures: {stem}-light.svg, -dark.svg, -light.png, -dark.png')


def draw_rows(view, name, facts, rows):
    """Writes a table of facts and rows to build/views/VIEW-NAME.tsv, and draws it."""
    OUTPUT.mkdir(parents=True, exist_ok=True)
    path = OUTPUT / f'{view}-{name}.tsv'
    lines = [f'# {key}: {value}' for key, value in facts.items()]
    lines += ['\t'.join(map(str, row)) for row in rows]
    path.write_text('\n'.join([*lines, '']))
    draw(view, path)
