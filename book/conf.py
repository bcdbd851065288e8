# What Sphinx is told; book/build.py says in which language.
import os
import re
import sys

import jieba

sys.path.append(os.path.dirname(os.path.abspath(__file__)))
import pages

language = {'en': 'en', 'zh': 'zh_CN'}[os.environ['BOOK_LANGUAGE']]
project = {'en': 'Multiprocessing in C', 'zh': 'C 语言多进程'}[os.environ['BOOK_LANGUAGE']]
extensions = ['myst_parser']
myst_enable_extensions = ['colon_fence']
html_theme, html_theme_path = 'theme', ['.']
html_context = {'folders': ['index', *pages.folders()]}
html_title = project
html_show_search_summary = html_use_index = html_copy_source = smartquotes = False

jieba.setLogLevel('ERROR')
jieba.dt.tmp_dir = os.environ['BOOK_CACHE']


def link_calls(app, name, template, context, doctree):
    """In code, a function of the library leads to its annotated source."""
    page = pages.Page(os.environ['BOOK_LANGUAGE'], name)

    def linked(found):
        there = pages.DEFINITIONS.get(found[1], [])
        if not there or not (found[1].startswith('mp_') or 'lessons/lesson.h' in there):
            return found[0]
        return f'<span class="n">{page.link(pages.place(there[0], found[1]), found[1])}</span>'

    context['body'] = re.sub(r'<span class="n">(\w+)</span>(?=<span class="p">\()', linked,
                             context.get('body', ''))


def setup(app):
    app.connect('html-page-context', link_calls)
