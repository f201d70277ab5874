"""Bringing a backup back: proved before anything is touched, then put in place all at once.

Everything is unpacked and proved in a folder of its own. Then a plan is written down, and from
that moment on the exchange is certain: whoever finds the plan ends it (`finish`). A kill before
leaves the old installation, a kill after leaves the new one.
"""

import json
import os
import secrets
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, make_url

from shop import invariants, migrate, schema
from shop.backup import archive, durable, postgresql, sqlite_file
from shop.backup.archive import BackupUnusable, Manifest
from shop.backup.making import KEY
from shop.clock import VIETNAM
from shop.config import Settings
from shop.db import make_engine
from shop.invariants import Finding

PLAN = "restore.json"

Say = Callable[[str], None]


class UnderWay(Exception):
    """Another restore has written its plan already."""


@dataclass(frozen=True, slots=True)
class Staged:
    """A backup that was unpacked and proved, and waits to be put in place."""

    folder: Path
    manifest: Manifest
    findings: Sequence[Finding]
    database: str
    """The restored database on the server; empty for SQLite, whose file lies in the folder."""


def stage(settings: Settings, backup: Path, *, say: Say) -> Staged:
    """Unpack `backup` beside the installation and prove it; nothing else is touched.

    `say` hears `unpacking`, `opening` and `proving`. Raises `BackupUnusable`, and
    `ProgramMissing` without `pg_restore`.
    """
    manifest = archive.read_manifest(backup)
    url = make_url(settings.database)
    if manifest.database_kind != url.get_backend_name():
        raise BackupUnusable("other_database", manifest.database_kind)
    if manifest.revision not in schema.revisions():
        raise BackupUnusable("newer_release", manifest.revision)
    settings.var.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="restoring-", dir=settings.var))
    is_sqlite = url.get_backend_name() == "sqlite"
    database = "" if is_sqlite else f"{url.database}_restored_{secrets.token_hex(4)}"
    with ExitStack() as unless_proved:
        unless_proved.callback(discard, settings, folder, database)
        say("unpacking")
        _unpack(backup, folder)
        say("opening")
        copy = folder / archive.DATABASE
        if is_sqlite:
            sqlite_file.require_sound(copy)
            own = URL.create("sqlite", database=str(copy))
        else:
            own = url.set(database=database)
            postgresql.restore(own, copy)
        say("proving")
        findings = _prove(own, manifest)
        if is_sqlite:
            sqlite_file.close_journal(copy)
            durable.sync_file(copy)
        unless_proved.pop_all()
    return Staged(folder, manifest, findings, database)


def discard(settings: Settings, folder: Path, database: str) -> None:
    """Throw away what was unpacked."""
    durable.remove(folder)
    if database:
        postgresql.drop(make_url(settings.database).set(database=database))


def _unpack(backup: Path, folder: Path) -> None:
    for part, content in archive.read(backup):
        target = folder / part.name
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            for chunk in content.chunks():
                file.write(chunk)
            content.finish()
            file.flush()
            os.fsync(file.fileno())


def _prove(url: URL, manifest: Manifest) -> list[Finding]:
    """Return what is wrong with the restored data, as of the moment the backup was made.

    Tables of an older release are brought up to date first.
    """
    engine = make_engine(url.render_as_string(hide_password=False))
    try:
        with engine.connect() as connection:
            found = schema.current(connection)
        if found != manifest.revision:
            raise BackupUnusable("database_damaged", archive.DATABASE)
        migrate.upgrade(engine)
        with invariants.at_one_moment(engine).connect() as connection:
            proved = invariants.prove(connection, now=manifest.made_at)
            return [one for one in proved if not one.rule.work_of_the_worker]
    finally:
        engine.dispose()


def put_in_place(settings: Settings, staged: Staged, *, now: datetime) -> Path:
    """Exchange the installation for what was staged; return the folder with the old data.

    Raises `StillOpen` while another process uses the database, `UnderWay` when somebody else
    is restoring too; nothing has changed then.
    """
    aside = settings.var / "before-restore" / f"{now.astimezone(VIETNAM):%Y%m%d-%H%M%S}"
    require_unused(settings)
    if settings.secret_key.get_secret_value():
        durable.remove(staged.folder / archive.FILES / KEY)
    _keep_old(settings, staged, aside)
    plan = {
        "folder": staged.folder.name,
        "database": staged.database,
        "aside": aside.name,
    }
    _write_plan(settings.var / PLAN, json.dumps(plan))
    finish(settings)
    return aside


def require_unused(settings: Settings) -> None:
    """Raise `StillOpen` while another process is connected to the database."""
    url = make_url(settings.database)
    if url.get_backend_name() != "sqlite":
        if postgresql.is_in_use(url):
            raise sqlite_file.StillOpen(url.database)
        return
    file = Path(url.database or "")
    if file.exists():
        sqlite_file.close_journal(file)


def _keep_old(settings: Settings, staged: Staged, aside: Path) -> None:
    """Give a second name to everything that is about to be replaced."""
    aside.mkdir(parents=True)
    file = _database_file(settings)
    if file is None:
        durable.write_text(aside / "database.txt", _old_name(settings, aside.name) + "\n")
    for path in [file, *sqlite_file.journals(file)] if file is not None else []:
        if path.exists():
            durable.put_aside(path, aside / path.name)
    for path in _staged_files(staged.folder):
        inside = path.relative_to(staged.folder / archive.FILES)
        present = settings.var / inside
        if not present.exists():
            continue
        if present.read_bytes() == path.read_bytes():
            path.unlink()
        else:
            durable.put_aside(present, aside / inside)


def _write_plan(path: Path, text: str) -> None:
    """Write the plan whole, and fail if there is one: the link is the moment of decision."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    draft.write_text(text, encoding="utf-8")
    durable.sync_file(draft)
    try:
        path.hardlink_to(draft)
    except FileExistsError as error:
        raise UnderWay from error
    finally:
        draft.unlink()
    durable.sync_folder(path.parent)


def finish(settings: Settings) -> bool:
    """Carry out the plan of a restore, or what is left of it; return whether there was one."""
    path = settings.var / PLAN
    try:
        plan = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return False
    folder = settings.var / plan["folder"]
    for source in _staged_files(folder):
        target = settings.var / source.relative_to(folder / archive.FILES)
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)
    _exchange_database(settings, folder / archive.DATABASE, plan)
    durable.sync_folder(settings.var)
    path.unlink()
    durable.remove(folder)
    return True


def _exchange_database(settings: Settings, staged: Path, plan: dict[str, str]) -> None:
    file = _database_file(settings)
    if file is None:
        url = make_url(settings.database)
        restored = url.set(database=plan["database"])
        if postgresql.exists(restored):
            postgresql.exchange(url, restored, _old_name(settings, plan["aside"]))
    elif staged.exists():
        if file.exists():
            sqlite_file.close_journal(file)
        for journal in sqlite_file.journals(file):
            durable.remove(journal)  # of a damaged database: not to be played into the new one
        staged.replace(file)


def _old_name(settings: Settings, moment: str) -> str:
    """Return what the old database on the server is called after a restore at `moment`."""
    return f"{make_url(settings.database).database}_before_{moment}"


def _staged_files(folder: Path) -> list[Path]:
    files = folder / archive.FILES
    return sorted(path for path in files.rglob("*") if path.is_file())


def _database_file(settings: Settings) -> Path | None:
    url = make_url(settings.database)
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def clean_up(settings: Settings) -> None:
    """Remove what killed restores have left unpacked, unless a plan still needs it."""
    if (settings.var / PLAN).exists():
        return
    for folder in settings.var.glob("restoring-*"):
        durable.remove(folder)
