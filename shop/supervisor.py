"""Keeping child processes alive until asked to stop, and leaving none behind."""

import json
import secrets
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shop import processes

STOP_SECONDS = 4.3
"""How long the children have to end by themselves; then their groups are ended."""

PROVED_SECONDS = 30.0
"""A child that lived this long did start well: its next death is counted from one again."""

LONGEST_PAUSE_SECONDS = 30.0
POLL_SECONDS = 0.2


class KeepsDying(Exception):
    """A child died again and again before it was of any use; `name` says which."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass
class Child:
    """One process to keep alive, and how often in a row it died early."""

    name: str
    command: Sequence[str]
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    early_deaths: int = 0

    @property
    def starts_again_at(self) -> float:
        """Return when to start it anew after a death, on the clock of `time.monotonic`."""
        pause: float = min(0.25 * 2**self.early_deaths, LONGEST_PAUSE_SECONDS)
        return self.started_at + pause


@dataclass
class Supervisor:
    """The children of one `dacsan run`, written down so that a later run knows them."""

    record: Path
    own_pid: int
    died: Callable[[str, int], None]
    """Told the name and the exit code of a child that has to be started again."""
    mark: str = field(default_factory=lambda: secrets.token_hex(8))
    """Stands on the command line of each child, so that no stranger is taken for one."""
    children: list[Child] = field(default_factory=list)

    def add(self, name: str, command: Sequence[str]) -> None:
        """Start one more child; `--supervised` and the mark are added to its command."""
        child = Child(name, [*command, "--supervised", self.mark])
        self.children.append(child)
        self._start(child)

    def watch(self, stop: threading.Event, *, until: Callable[[], bool] | None = None) -> None:
        """Start again what dies, until `stop` is set or `until` says so.

        Raises `KeepsDying` when, with `until`, a child has died twice in a row.
        """
        while not stop.wait(POLL_SECONDS):
            for child in self.children:
                self._look_after(child, must_come_up=until is not None)
            if until is not None and until():
                return

    def stop(self, *, at_once: threading.Event) -> None:
        """Let the children go and wait for their ends, not at all once `at_once` is set."""
        alive = [child.process for child in self.children if child.process is not None]
        for process in alive:
            if process.stdin is not None:
                process.stdin.close()
        end = time.monotonic() + STOP_SECONDS
        while time.monotonic() < end and not at_once.is_set():
            if all(process.poll() is not None for process in alive):
                break
            time.sleep(0.02)
        for process in alive:
            processes.end_group(process.pid)
            process.wait()
        self.record.unlink(missing_ok=True)

    def _look_after(self, child: Child, *, must_come_up: bool) -> None:
        process = child.process
        now = time.monotonic()
        if process is not None and process.poll() is None:
            return
        if process is not None:
            processes.end_group(process.pid)  # what it started may have outlived it
            lived = now - child.started_at
            child.early_deaths = 1 if lived > PROVED_SECONDS else child.early_deaths + 1
            child.process = None
            if must_come_up and child.early_deaths >= 2:
                raise KeepsDying(child.name)
            self.died(child.name, process.returncode)
        if now >= child.starts_again_at:
            self._start(child)

    def _start(self, child: Child) -> None:
        child.process = processes.start(child.command)
        child.started_at = time.monotonic()
        self._write_down()

    def _write_down(self) -> None:
        content = {
            "supervisor": self.own_pid,
            "mark": self.mark,
            "children": {
                child.name: child.process.pid
                for child in self.children
                if child.process is not None
            },
        }
        unfinished = self.record.with_suffix(".part")
        unfinished.write_text(json.dumps(content), encoding="utf-8")
        unfinished.replace(self.record)


def running_supervisor(record: Path, *, own_pid: int) -> int | None:
    """Return the process that wrote `record` if it still runs.

    In a container every run has the same number: one's own is never another's.
    """
    found = _read(record)
    if found is None or found["supervisor"] == own_pid:
        return None
    pid: int = found["supervisor"]
    words = processes.command_line(pid).split()
    return pid if "run" in words and any("dacsan" in w or "shop.cli" in w for w in words) else None


def end_leftovers(record: Path) -> list[str]:
    """End the children of a supervisor that died without them; return their names."""
    found = _read(record)
    if found is None:
        return []
    ended = []
    for name, pid in found["children"].items():
        if found["mark"] in processes.command_line(pid):
            processes.end_group(pid)
            ended.append(name)
    record.unlink(missing_ok=True)
    return ended


def _read(record: Path) -> dict[str, Any] | None:
    try:
        content: dict[str, Any] = json.loads(record.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return content
