"""Processes that start in a moment, for tests that kill them by the dozen.

A nursery has loaded the whole shop and forks a child for each command, so that a start costs what
the command itself does and not the loading. Run as a script it reads one JSON line for each child
and ends all of them when its own input ends, however whoever wrote it died.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.servers import Server, environment_for
from tests.support.shared import CHECKOUT

LOADED = ("shop.app", "shop.cli.run", "shop.jobs.worker", "shop.serve", "granian", "huey")


class Child:
    """A forked `dacsan` command."""

    def __init__(self, nursery: "Nursery", pid: int) -> None:
        self._nursery, self.pid = nursery, pid

    def end(self, number: int) -> None:
        """Send it a signal and wait until it is gone."""
        self._nursery.ask({"end": self.pid, "signal": number})

    @property
    def is_alive(self) -> bool:
        """Return whether it has not ended by itself."""
        return bool(self._nursery.ask({"look": self.pid}))


class Nursery:
    """The process that forks, and the children it has."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        self._process = subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=folder,
            env=environment_for(folder),
            start_new_session=True,
        )

    def start(self, *words: str, url: str = "", **settings: str) -> tuple[Server, Child]:
        """Return a running command; `settings` are as for `start_program`."""
        log = self._folder / f"{words[0]}-{self._count}.log"
        self._count += 1
        env = environment_for(self._folder, tree=CHECKOUT, **settings)
        pid = self.ask({"words": words, "env": env, "log": str(log)})
        return Server(url, log, self._process), Child(self, pid)

    def ask(self, wanted: dict[str, Any]) -> int:
        """Have something done and return what the nursery answers."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(wanted).encode() + b"\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        """End all children and the nursery."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


@pytest.fixture
def nursery(tmp_path: Path) -> Iterator[Nursery]:
    """A nursery whose children are gone after the test."""
    made = Nursery(tmp_path)
    yield made
    made.close()


def _main() -> None:
    import importlib

    sys.path.insert(0, str(CHECKOUT))
    for name in LOADED:
        importlib.import_module(name)
    children: set[int] = set()
    for line in sys.stdin.buffer:
        wanted = json.loads(line)
        if "end" in wanted:
            answer = _end(wanted["end"], wanted["signal"])
            children.discard(wanted["end"])
        elif "look" in wanted:
            answer = _look(wanted["look"])
        else:
            answer = _fork(wanted)
            children.add(answer)
        print(answer, flush=True)
    for pid in children:
        _end(pid, signal.SIGKILL)


def _fork(wanted: dict[str, Any]) -> int:
    pid = os.fork()
    if pid:
        return pid
    os.setsid()
    with open(os.devnull, "rb") as nothing, open(wanted["log"], "ab") as log:  # noqa: PTH123
        os.dup2(nothing.fileno(), 0)
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    os.environ.clear()
    os.environ.update(wanted["env"])
    from shop.cli import main

    code = 1
    try:
        code = main(wanted["words"])
    finally:
        os._exit(code)


def _end(pid: int, number: int) -> int:
    try:
        os.killpg(pid, number)
        os.waitpid(pid, 0)
    except (ProcessLookupError, ChildProcessError):
        return 0
    return 0


def _look(pid: int) -> int:
    try:
        return int(os.waitpid(pid, os.WNOHANG)[0] == 0)
    except ChildProcessError:
        return 0


if __name__ == "__main__":
    _main()
