"""The Python side of bench/python.h: answers questions until there are none.

A question is a line "one 1000": the name of a mode, and n. The answer is the
number of nanoseconds that one run of it took.
"""

import platform
import signal
import sys
import time


def serve(modes):
    """modes: name -> function of n that does the work once."""
    # Ctrl-C ends the C program and this one, and so does the end of the C
    # program: there is nothing to say about it.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    print(platform.python_implementation(), platform.python_version(),
          flush=True)
    for line in sys.stdin:
        name, n = line.split()
        begin = time.perf_counter_ns()
        # A mode that measures by itself returns its nanoseconds.
        measured = modes[name](int(n))
        end = time.perf_counter_ns()
        print(end - begin if measured is None else measured, flush=True)
