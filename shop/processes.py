"""Processes of this machine, on every system: starting one in a group of its own, ending it."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


def start(command: Sequence[str]) -> "subprocess.Popen[bytes]":
    """Start `command` in a group of its own: Ctrl-C reaches it through its supervisor alone.

    Its standard input is a pipe that ends with this process (`shop.lifeline`).
    """
    if sys.platform == "win32":
        group = subprocess.CREATE_NEW_PROCESS_GROUP
        return subprocess.Popen(  # noqa: S603 - a module of ours
            command, stdin=subprocess.PIPE, creationflags=group
        )
    return subprocess.Popen(  # noqa: S603 - a module of ours
        command, stdin=subprocess.PIPE, start_new_session=True
    )


def end_group(leader: int) -> None:
    """End the process `leader` and all it started, at once; gone already is fine."""
    if sys.platform == "win32":
        command = ["taskkill", "/F", "/T", "/PID", str(leader)]
        subprocess.run(command, check=False, capture_output=True)  # noqa: S603
        return
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return


def command_line(pid: int) -> str:
    """Return the command line of a process of this machine; empty when there is none."""
    proc = Path("/proc")
    if (proc / "self" / "cmdline").exists():
        try:
            words = (proc / str(pid) / "cmdline").read_bytes()
        except OSError:
            return ""
        return words.replace(b"\0", b" ").decode(errors="replace").strip()
    if sys.platform == "win32":
        look_up = f"(Get-CimInstance Win32_Process -Filter 'ProcessId={pid}').CommandLine"
        command = ["powershell", "-NoProfile", "-Command", look_up]
    else:
        command = ["ps", "-o", "args=", "-p", str(pid)]
    found = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603
    return found.stdout.strip()
