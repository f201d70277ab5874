"""Run a server for as long as the test run that wants it lives, however that run ends.

Started as a script:
`python guard.py OWNER_PID [--detach] [--user NAME] [--remove FOLDER] -- COMMAND...`
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

PATIENCE = 5.0
"""Seconds a server has to end by itself."""


def start(
    command: list[str],
    *,
    owner: int,
    log: Path,
    user: str | None = None,
    remove: Path | None = None,
    env: dict[str, str] | None = None,
    cwd: Path | None = None,
    detach: bool = False,
) -> "subprocess.Popen[bytes]":
    """Start `command` under a guard that ends it when process `owner` is gone.

    What it prints goes to `log`; the folder `remove` is deleted after it ended. With `detach`
    the guard belongs to nobody, and what is returned has ended.
    """
    options = ["--detach"] if detach else []
    options += ["--user", user] if user else []
    options += ["--remove", str(remove)] if remove else []
    with log.open("ab") as output:
        started = subprocess.Popen(
            [sys.executable, __file__, str(owner), *options, "--", *command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env=env,
            cwd=cwd,
        )
    if detach:
        started.wait()
    return started


def stop(guard: "subprocess.Popen[bytes]") -> None:
    """End what the guard runs, and the guard."""
    guard.terminate()
    guard.wait(PATIENCE * 2)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("owner", type=int)
    parser.add_argument("--detach", action="store_true")
    parser.add_argument("--user")
    parser.add_argument("--remove", type=Path)
    parser.add_argument("command", nargs="+")
    asked = parser.parse_args()
    if asked.detach and os.fork():
        return 0
    told_to_stop = False

    def _stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal told_to_stop
        told_to_stop = True

    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    identity = {"user": asked.user, "group": asked.user, "extra_groups": []} if asked.user else {}
    server = subprocess.Popen(asked.command, start_new_session=True, **identity)
    while server.poll() is None and not told_to_stop and _is_alive(asked.owner):
        time.sleep(0.1)
    if server.poll() is None:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
    if asked.remove:
        shutil.rmtree(asked.remove, ignore_errors=True)
    return 0 if told_to_stop else server.returncode


if __name__ == "__main__":
    sys.exit(_main())
