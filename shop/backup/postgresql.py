"""The PostgreSQL database in a backup: dumped, restored beside the old one, and exchanged."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError

from shop.backup.archive import BackupUnusable
from shop.backup.sqlite_file import StillOpen

_IN_USE = "55006"
_NO_SUCH_DATABASE = "3D000"
"""SQLSTATEs of PostgreSQL, appendix A."""


class ProgramMissing(Exception):
    """The machine lacks a program of PostgreSQL; `name` says which."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def dump(url: URL, target: Path) -> None:
    """Write the database at one moment into `target`, in the custom format of `pg_dump`."""
    _run(_program("pg_dump"), url, "--format=custom", f"--file={target}")


def restore(url: URL, source: Path) -> None:
    """Create the database of `url` and fill it from `source`; half of it is never left."""
    with _beside(url) as server:
        server.execute(text(f"CREATE DATABASE {_quoted(url)} TEMPLATE template0"))
    try:
        _run(
            _program("pg_restore"),
            url,
            "--exit-on-error",
            "--single-transaction",
            str(source),
        )
    except BackupUnusable:
        drop(url)
        raise


def drop(url: URL) -> None:
    """Remove the database of `url`, if it is there."""
    with _beside(url) as server:
        server.execute(text(f"DROP DATABASE IF EXISTS {_quoted(url)} WITH (FORCE)"))


def exists(url: URL) -> bool:
    """Return whether the server has the database of `url`."""
    with _beside(url) as server:
        found = server.execute(
            text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": url.database}
        )
        return found.scalar() is not None


def exchange(current: URL, restored: URL, aside: str) -> None:
    """Give the restored database the name of the current one, which is kept as `aside`.

    Both names change in one transaction. Raises `StillOpen` while anybody is connected.
    """
    is_there = exists(current)
    with _beside(current, isolation_level="READ COMMITTED") as server:
        try:
            with server.begin():
                if is_there:
                    kept = _quoted(current.set(database=aside))
                    server.execute(text(f"ALTER DATABASE {_quoted(current)} RENAME TO {kept}"))
                server.execute(
                    text(f"ALTER DATABASE {_quoted(restored)} RENAME TO {_quoted(current)}")
                )
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) == _IN_USE:
                raise StillOpen(current.database) from error
            raise


def is_in_use(url: URL) -> bool:
    """Return whether somebody is connected to the database of `url`."""
    with _beside(url) as server:
        found = server.execute(
            text("SELECT 1 FROM pg_stat_activity WHERE datname = :name LIMIT 1"),
            {"name": url.database},
        )
        return found.scalar() is not None


@contextmanager
def _beside(url: URL, *, isolation_level: Any = "AUTOCOMMIT") -> Iterator[Connection]:
    """Connect to the same server, but to another database."""
    for name in ("postgres", "template1"):
        engine = create_engine(
            url.set(database=name), poolclass=NullPool, isolation_level=isolation_level
        )
        try:
            connection = engine.connect()
        except DBAPIError as error:
            if name == "template1" or _NO_SUCH_DATABASE not in str(error.orig):
                raise
            continue
        with connection:
            yield connection
        return


def _quoted(url: URL) -> str:
    return '"' + (url.database or "").replace('"', '""') + '"'


def _program(name: str) -> str:
    """Return the path of a program of PostgreSQL, the newest where there are several."""
    debian = Path("/usr/lib/postgresql")
    releases = [path for path in debian.glob(f"*/bin/{name}") if path.exists()]
    if releases:
        return str(max(releases, key=lambda path: float(path.parent.parent.name)))
    found = shutil.which(name)
    if found is None:
        raise ProgramMissing(name)
    return found


def _run(program: str, url: URL, *options: str) -> None:
    """Run a program on the database of `url`; its password is not on the command line."""
    from psycopg.conninfo import make_conninfo

    values = dict(create_engine(url).dialect.create_connect_args(url)[1])
    values.pop("context", None)  # the driver's own, no parameter of a connection
    password = values.pop("password", None)
    with tempfile.TemporaryDirectory() as folder:
        if password is not None:
            values["passfile"] = _password_file(Path(folder), str(password))
        address = f"--dbname={make_conninfo(**values)}"
        ended = subprocess.run(  # noqa: S603 - a program of PostgreSQL, found above
            [program, "--no-owner", "--no-privileges", address, *options],
            check=False,
            capture_output=True,
            text=True,
        )
    if ended.returncode != 0:
        said = ended.stderr.strip().splitlines() or [f"{Path(program).name} {ended.returncode}"]
        raise BackupUnusable("program_failed", said[-1][:200])


def _password_file(folder: Path, password: str) -> str:
    """Write a password for any server, as libpq reads it, readable by us alone."""
    path = folder / "pgpass"
    path.touch(mode=0o600)
    escaped = password.replace("\\", "\\\\").replace(":", "\\:")
    path.write_text(f"*:*:*:*:{escaped}\n", encoding="utf-8")
    return str(path)
