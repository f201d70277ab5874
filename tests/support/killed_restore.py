"""Kill a restore at every step it takes on the disk, and see what is left.

Run as a script: `python -m tests.support.killed_restore VAR BACKUP WORK` makes, for each step, a
copy of the folder VAR in WORK, restores BACKUP into it in a process that ends without a word at
that step, lets the next command find the rest, and prints one JSON line: step, state before that
command, state after it.
"""

import json
import os
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from shop.backup import bringing_back
from shop.cli import main
from shop.config import Settings

STEPS = {"os.rename", "os.remove", "os.link", "os.mkdir", "os.rmdir", "os.truncate", "open",
         "sqlite3.connect", "shutil.rmtree"}  # fmt: skip
KILLED = 99


def state(var: Path) -> dict[str, str]:
    """Return which installation lies in `var`: the mark in its database, key and letter."""
    with closing(sqlite3.connect(var / "dacsan.sqlite")) as connection:
        whole = connection.execute("PRAGMA integrity_check").fetchone()[0]
        mark = connection.execute("SELECT name FROM account").fetchone()[0]
    return {
        "whole": whole,
        "database": mark,
        "key": (var / "secret.key").read_text("utf-8"),
        "letter": (var / "mail" / "letter.eml").read_text("utf-8"),
    }


def restore(var: Path, backup: Path, *, until: int | None) -> int:
    """Restore in a process of its own that dies at step `until`; return how it ended."""
    child = os.fork()
    if child == 0:
        os.environ["DACSAN_VAR"] = str(var)
        os.close(1)
        os.open(os.devnull, os.O_WRONLY)
        count = 0

        def step(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal count
            if event in STEPS and str(var) in " ".join(map(str, arguments)):
                count += 1
                if count == until:
                    os._exit(KILLED)

        sys.addaudithook(step)
        os._exit(main(["restore", "--ignore-port", str(backup)]))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def run(var: Path, backup: Path, work: Path) -> None:
    """Kill one restore after the other, a step later each time, until one gets to its end."""
    until, ended = 0, KILLED
    while ended == KILLED:
        until += 1
        copy = work / f"var-{until}"
        shutil.copytree(var, copy)
        ended = restore(copy, backup, until=until)
        before = state(copy) if not (copy / bringing_back.PLAN).exists() else None
        finished = bringing_back.finish(Settings(var=copy))
        line = {"step": until, "ended": ended, "before": before, "finished": finished}
        print(json.dumps({**line, "after": state(copy)}), flush=True)
        shutil.rmtree(copy)


if __name__ == "__main__":
    run(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
