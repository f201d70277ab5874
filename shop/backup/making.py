"""Making a backup of an installation that may be in use."""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import NullPool, create_engine, make_url

from shop import schema
from shop.backup import archive, durable, postgresql, sqlite_file
from shop.clock import VIETNAM
from shop.config import Settings

NOTE = "last-backup.json"
"""Says in `var` when and where the last backup was made."""

KEY = "secret.key"

NOT_KEPT = (
    "dacsan.sqlite*",
    "jobs.sqlite*",
    "static",
    "simulators",
    "index",
    "run-*.json",
    "backups",
    "before-restore",
    "restoring-*",
    "restore.json",
    "backup-*",
    "log",
    NOTE,
    "trial-*",
    "*.part",
)
"""Of `var` left out: the database (copied apart), what is made anew or waits, what
simulators made up, and old copies."""


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was written."""

    path: Path
    size: int
    files: int
    key_from: str
    """Where the master key is: `file` (in the backup), `environment`, or `none` before a start."""


def default_path(settings: Settings, now: datetime) -> Path:
    """Return where a backup goes when nobody says it."""
    return settings.var / "backups" / default_name(now)


def default_name(now: datetime) -> str:
    """Return the name of a backup made at `now`: the moment in Việt Nam."""
    return f"dac-san-{now.astimezone(VIETNAM):%Y%m%d-%H%M%S}.zip"


def make(settings: Settings, path: Path, *, now: datetime) -> Made:
    """Write a backup of database, files and master key to `path`, while the shop goes on.

    The database is copied first: every file that it names lies in `var` before its row does.
    Raises `BackupUnusable` when the database is damaged, `ProgramMissing` without `pg_dump`.
    """
    url = make_url(settings.database)
    is_sqlite = url.get_backend_name() == "sqlite"
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="backup-", dir=settings.var) as folder:
        copy = Path(folder) / archive.DATABASE
        if is_sqlite:
            sqlite_file.copy(Path(url.database or ""), copy)
        else:
            postgresql.dump(url, copy)
        manifest = archive.Manifest(
            made_at=now,
            database_kind=url.get_backend_name(),
            revision=_revision(f"sqlite:///{copy}" if is_sqlite else url),
            key_from=_key_from(settings),
            parts=[],
        )
        archive.write(path, manifest, _sources(settings, copy))
    durable.write_text(settings.var / NOTE, _note(path, now))
    return Made(path, path.stat().st_size, len(manifest.parts) - 1, manifest.key_from)


def _key_from(settings: Settings) -> str:
    if settings.secret_key.get_secret_value():
        return "environment"
    return "file" if (settings.var / KEY).exists() else "none"


def _sources(settings: Settings, copy: Path) -> Iterator[tuple[str, Path]]:
    yield archive.DATABASE, copy
    for path in sorted(settings.var.rglob("*")):
        inside = path.relative_to(settings.var)
        left_out = any(Path(inside.parts[0]).match(pattern) for pattern in NOT_KEPT)
        if not left_out and path.is_file() and not path.name.endswith(".part"):
            yield f"{archive.FILES}{inside.as_posix()}", path


def _revision(url: Any) -> str:
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        found = schema.current(connection)
    if found is None:
        raise archive.BackupUnusable("database_empty")
    return found


def _note(path: Path, now: datetime) -> str:
    return json.dumps({"made_at": now.isoformat(), "path": str(path.resolve())})
