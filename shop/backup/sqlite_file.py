"""The SQLite database in a backup: copied while others write, and looked through before use."""

import sqlite3
from contextlib import closing
from pathlib import Path

from shop.backup import durable
from shop.backup.archive import BackupUnusable


class StillOpen(Exception):
    """Another process has the database open."""


def copy(source: Path, target: Path) -> None:
    """Copy the database as it stands at one moment, by SQLite's own backup interface.

    Writers go on meanwhile: in WAL mode a reader sees one state of the database to its end.
    """
    with (
        closing(_open(source, timeout=60)) as live,
        closing(sqlite3.connect(target)) as kept,
    ):
        live.backup(kept)
        kept.execute("PRAGMA journal_mode=DELETE")
    durable.sync_file(target)
    require_sound(target)


def require_sound(path: Path) -> None:
    """Raise `BackupUnusable` unless the file is a whole database without broken keys."""
    try:
        with closing(_open(path, timeout=5)) as connection:
            said = [row[0] for row in connection.execute("PRAGMA integrity_check")]
            broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as error:
        raise BackupUnusable("database_damaged", path.name) from error
    if said != ["ok"] or broken is not None:
        raise BackupUnusable("database_damaged", path.name)


def close_journal(path: Path) -> None:
    """Bring everything into the one file; raise `StillOpen` while another process has it open.

    Leaving the WAL mode takes the database for oneself: as long as anybody else is connected,
    however idle, SQLite refuses it. A file that is no database any more is left as it is.
    """
    try:
        with closing(_open(path, timeout=2)) as connection:
            mode = connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
    except sqlite3.OperationalError as error:
        raise StillOpen(path.name) from error
    except sqlite3.DatabaseError:
        return  # damaged: that is why somebody brings a backup back
    if mode != "delete" or any(beside.exists() for beside in journals(path)):
        raise StillOpen(path.name)


def journals(path: Path) -> list[Path]:
    """Return where the files lie that SQLite keeps beside a database in use."""
    return [path.with_name(f"{path.name}-{ending}") for ending in ("wal", "shm")]


def _open(path: Path, *, timeout: float) -> sqlite3.Connection:
    address = f"{path.resolve().as_uri()}?mode=rw"
    return sqlite3.connect(address, uri=True, timeout=timeout, isolation_level=None)
