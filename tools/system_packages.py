"""The programs outside of Python that the tests drive: there already, or installed by apt."""

import ctypes.util
import os
import shutil
import subprocess
from pathlib import Path

from setup import Refused

# Bold serifs that have every Vietnamese letter and the sign of the đồng; DejaVu's lacks the sign.
_SERIFS = ("liberation2/LiberationSerif-Bold.ttf", "NotoSerif-Bold.ttf")


def _has_font(file):
    return any(Path("/usr/share/fonts").rglob(file))


NEEDED = {
    "chromium": lambda: shutil.which("chromium") or shutil.which("chromium-browser"),
    "fonts-dejavu-core": lambda: _has_font("DejaVuSans.ttf"),
    "fonts-liberation2": lambda: any(map(_has_font, _SERIFS)),
    "libzbar0": lambda: ctypes.util.find_library("zbar"),
    "postgresql": lambda: any(Path("/usr/lib/postgresql").glob("*/bin/initdb")),
    "redis-server": lambda: shutil.which("redis-server"),
}
"""Debian package -> how to see that what it brings is there, from whatever source."""


def ensure():
    """Install what is missing when that is possible; else raise `Refused` naming it."""
    missing = [package for package, is_there in NEEDED.items() if not is_there()]
    if not missing:
        return
    install = "apt-get install --yes --no-install-recommends " + " ".join(missing)
    if not shutil.which("apt-get") or os.geteuid() != 0:
        raise Refused(f"Còn thiếu: {', '.join(missing)}. Trên Debian hãy chạy: sudo {install}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    print(f"Cài các gói hệ thống: {', '.join(missing)} …", flush=True)
    wait = ["-o", "DPkg::Lock::Timeout=300"]
    update = ["apt-get", "--quiet", *wait, "update"]
    for command in (update, ["apt-get", "--quiet", *wait, *install.split()[1:]]):
        if subprocess.run(command, check=False, env=environment).returncode != 0:
            raise Refused(f"Không cài được: {', '.join(missing)}. Xem lỗi của apt-get ở trên.")
