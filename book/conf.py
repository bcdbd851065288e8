# What Sphinx is told; book/build.py says in which language.
import os

import jieba

language = {'en': 'en', 'zh': 'zh_CN'}[os.environ['BOOK_LANGUAGE']]
project = {'en': 'Multiprocessing in C', 'zh': 'C 语言多进程'}[os.environ['BOOK_LANGUAGE']]
extensions = ['myst_parser']
myst_enable_extensions = ['colon_fence']
html_theme, html_theme_path = 'theme', ['.']
html_context = {'folders': os.environ['BOOK_FOLDERS'].split()}
html_title = project
html_show_search_summary = html_use_index = html_copy_source = smartquotes = False

jieba.setLogLevel('ERROR')
jieba.dt.tmp_dir = os.environ['BOOK_CACHE']
