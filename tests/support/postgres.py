"""A private PostgreSQL server for one test run: no port, no fsync, nothing left behind."""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
from psycopg import sql

from tests.support import guard
from tests.support.run import Run

OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "200",
    "shared_buffers": "64MB",
}

INITDB_OPTIONS = ("--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")


def binaries() -> Path | None:
    """Return the folder of PostgreSQL's own programs, newest first; `None` when not installed."""
    debian = Path("/usr/lib/postgresql")
    releases = [path for path in debian.glob("*/bin") if (path / "initdb").exists()]
    if releases:
        return max(releases, key=lambda path: float(path.parent.name))
    found = shutil.which("initdb")
    return Path(found).parent if found else None


def start(run: Run) -> Path:
    """Start the server of this run unless another worker has; return the folder of its socket."""
    return Path(run.once("postgres", lambda path: _start(run, path)).read_text())


def url(socket: Path, database: str) -> str:
    """Return the SQLAlchemy address of one of its databases."""
    return f"postgresql+psycopg://postgres@/{database}?host={socket}"


def execute(socket: Path, statement: sql.Composed) -> None:
    """Run a statement that stands outside of transactions, such as CREATE DATABASE."""
    with psycopg.connect(
        host=str(socket), user="postgres", dbname="postgres", autocommit=True
    ) as connection:
        connection.execute(statement)


def copy_database(socket: Path, template: str, name: str) -> None:
    """Create database `name` anew as a copy of `template`, in which no session may be open."""
    drop_database(socket, name)
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY = file_copy")
    execute(socket, statement.format(sql.Identifier(name), sql.Identifier(template)))


def drop_database(socket: Path, name: str) -> None:
    """Drop database `name` if it is there, whoever is still connected."""
    statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    execute(socket, statement.format(sql.Identifier(name)))


def _start(run: Run, note: Path) -> None:
    programs = binaries()
    if programs is None:
        raise FileNotFoundError("initdb of PostgreSQL")
    user = "postgres" if os.geteuid() == 0 else None
    folder = _folder_for(user)
    identity = {"user": user, "group": user, "extra_groups": []} if user else {}
    subprocess.run(
        [programs / "initdb", "-D", folder / "data", "-U", "postgres", *INITDB_OPTIONS],
        check=True,
        capture_output=True,
        cwd=folder,
        **identity,
    )
    settings = [f"--{name}={value}" for name, value in OPTIONS.items()]
    log = run.folder / "postgres.log"
    guard.start(
        [str(programs / "postgres"), "-D", str(folder / "data"), "-k", str(folder), *settings],
        owner=run.owner,
        log=log,
        user=user,
        remove=folder,
        cwd=folder,
        detach=True,
    )
    _wait_for(folder, log)
    note.write_text(str(folder))


def _folder_for(user: str | None) -> Path:
    """Return a new folder that `user` owns and can reach; sockets need its name to be short."""
    for parent in dict.fromkeys((tempfile.gettempdir(), "/tmp", "/var/tmp")):
        folder = Path(tempfile.mkdtemp(prefix="dacsan-pg-", dir=parent))
        if user is None:
            return folder
        shutil.chown(folder, user, user)
        reachable = subprocess.run(
            ["test", "-w", folder], user=user, group=user, extra_groups=[], check=False
        )
        if reachable.returncode == 0 and len(str(folder)) < 80:
            return folder
        folder.rmdir()
    raise PermissionError(f"no temporary folder that {user} can reach")


def _wait_for(socket: Path, log: Path) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            psycopg.connect(host=str(socket), user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise RuntimeError(log.read_text(errors="replace")[-2000:]) from None
            time.sleep(0.05)
        else:
            return
