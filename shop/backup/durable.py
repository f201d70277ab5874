"""Files that are there whole after a power cut, or not at all."""

import contextlib
import os
import shutil
from pathlib import Path


def sync_file(path: Path) -> None:
    """Return when the content of `path` is on the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """Return when the names in the folder are on the disk; Windows does that by itself."""
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_text(path: Path, text: str) -> None:
    """Put `text` into `path`: the old content or the new one, never half of it."""
    unfinished = path.with_name(f"{path.name}.part")
    unfinished.write_text(text, encoding="utf-8")
    sync_file(unfinished)
    unfinished.replace(path)
    sync_folder(path.parent)


def put_aside(path: Path, aside: Path) -> None:
    """Keep what is in `path` as `aside` too: a second name where the disk can, else a copy."""
    aside.parent.mkdir(parents=True, exist_ok=True)
    try:
        aside.hardlink_to(path)
    except OSError:
        shutil.copy2(path, aside)


def remove(path: Path) -> None:
    """Remove a file or a whole folder, if it is there."""
    if path.is_dir():
        shutil.rmtree(path)
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
