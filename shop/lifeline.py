"""The thread between a supervisor and its children: a pipe that ends when the supervisor does.

Closing it is how a child is asked to stop, on Windows as elsewhere; it closes by itself when the
supervisor dies, however that happens. The workers that a web server forks watch their own parent.
"""

import multiprocessing
import os
import threading
from collections.abc import Callable
from multiprocessing.connection import wait

STANDARD_INPUT = 0


def when_let_go(stop: Callable[[], object]) -> None:
    """Call `stop` once the pipe on standard input has ended; returns at once."""
    threading.Thread(target=_read_to_the_end, args=(stop,), daemon=True).start()


def _read_to_the_end(stop: Callable[[], object]) -> None:
    # not through sys.stdin: a fork would copy its lock while this thread holds it
    while os.read(STANDARD_INPUT, 4096):
        continue
    stop()


def end_with_parent() -> None:
    """End this process as soon as the one that forked it is gone; returns at once."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_outlive_nobody, args=(parent.sentinel,), daemon=True).start()


def _outlive_nobody(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
