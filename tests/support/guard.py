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
from contextlib import suppress
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


def kill(guard: "subprocess.Popen[bytes]") -> None:
    """Take the server down without a warning, as a power cut would."""
    guard.send_signal(signal.SIGUSR1)
    guard.wait(PATIENCE)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _end(server: "subprocess.Popen[bytes]", *, patience: float) -> None:
    if patience:
        server.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            server.wait(patience)
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()


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
    told: list[int] = []

    def _hear(number: int, _frame: FrameType | None) -> None:
        told.append(number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1):
        signal.signal(number, _hear)
    identity = {"user": asked.user, "group": asked.user, "extra_groups": []} if asked.user else {}
    server = subprocess.Popen(asked.command, start_new_session=True, **identity)
    while server.poll() is None and not told and _is_alive(asked.owner):
        time.sleep(0.05)
    ended = server.poll() is not None
    _end(server, patience=0 if ended or signal.SIGUSR1 in told else PATIENCE)
    if asked.remove:
        shutil.rmtree(asked.remove, ignore_errors=True)
    return 0 if told else server.returncode


if __name__ == "__main__":
    sys.exit(_main())
