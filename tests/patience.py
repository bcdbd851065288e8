#!/usr/bin/env python3
"""How long something may take here: `tests/patience.py 20` prints 20, or more
where a fork costs more than 0.14 ms, be it that the machine is slow or busy."""

import os
import statistics
import sys
import time


def fork_cost():
    before = time.monotonic()
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    return time.monotonic() - before


TIMES_SLOWER = max(1, statistics.median(fork_cost() for _ in range(41)) / 0.00014)


def patience(seconds):
    return seconds * TIMES_SLOWER


if __name__ == '__main__':
    print(round(patience(float(sys.argv[1]))))
