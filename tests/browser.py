#!/usr/bin/env python3
"""Looks at every page of the book in headless Chromium: tests/browser.mjs. Left out,
with a line that says why, where the book or what this needs is not there.

    tests/browser.py zh/0    only pages with this in their name"""

import os
import pathlib
import shutil
import subprocess
import sys

BOOK = 'build/book'
MODULES = ('playwright-core', 'axe-core')  # of npm, installed by make deps BOOK=1


def reason():
    """Why it cannot run here, or None."""
    for tool in ('node', 'npm', 'chromium'):
        if not shutil.which(tool):
            return f'{tool} is missing: type make deps BOOK=1'
    for module in MODULES:
        if not pathlib.Path(modules, module).is_dir():
            return f'{module} is missing: type make deps BOOK=1'
    if not pathlib.Path(BOOK, 'en/index.html').exists():
        return 'there is no book: type make book'
    return None


modules = subprocess.run(['npm', 'root', '--global'], stdout=subprocess.PIPE,
                         text=True).stdout.strip() if shutil.which('npm') else ''
why = reason()
if why:
    print(f'1..0 # SKIP {why}')
else:
    os.execvp('node', ['node', 'tests/browser.mjs', BOOK, modules, shutil.which('chromium'),
                       *sys.argv[1:]])
