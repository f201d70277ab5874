"""What `dacsan doctor` looks at: each probe says how one thing is, and whether that is bad."""

import json
import os
import platform
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from shop import clock, formats, invariants, network, schema
from shop.backup.making import KEY, NOTE
from shop.cli.doctor_texts import TEXTS
from shop.cli.failures import Refused, recognise
from shop.cli.installation import database_file, open_database
from shop.cli.language import Language
from shop.config import AddressUnreadable, Settings
from shop.invariants import guards
from shop.queries import contract_addresses, kept_secrets, outbox, refused_notices
from shop.vault import Vault

State = Literal["fine", "notice", "problem"]

HEARTBEAT = timedelta(minutes=2)
LATE_MESSAGE = timedelta(hours=1)
OLD_BACKUP = timedelta(days=7)
CLOCK_SLACK = timedelta(minutes=5)
FULL_DISK, LOW_DISK = 200 * 2**20, 2**30
LEAST_KEY = 32


@dataclass(frozen=True, slots=True)
class Symptom:
    """How one thing is: `kind` has a sentence that `values` fill."""

    probe: str
    state: State
    kind: str
    values: dict[str, Any]

    def sentence(self, lang: Language) -> str:
        """Return what was found and what to do about it."""
        return TEXTS[self.kind][lang].format(**self.values)


@dataclass(frozen=True, slots=True)
class Refusal(Symptom):
    """A probe that could not look, with the refusal it met."""

    refused: Refused

    def sentence(self, lang: Language) -> str:
        """Return the sentence of the refusal."""
        return self.refused.sentence(lang)


def examine(settings: Settings, *, now: datetime, lang: Language) -> Iterator[Symptom]:
    """Yield one symptom for each thing that was looked at."""
    yield Symptom("python", "fine", "python_fine", {"version": platform.python_version()})
    yield from _folder(settings)
    is_open = network.answers(settings.host, settings.port)
    yield from _port(settings, is_open=is_open)
    yield from _address(settings)
    yield from _key(settings)
    yield from _fonts()
    try:
        engine = open_database(settings)
    except (Refused, SQLAlchemyError) as error:
        refused = recognise(error)
        if refused is None:
            raise
        yield Refusal("database", "problem", refused.kind, {}, refused)
        return
    with invariants.at_one_moment(engine).connect() as connection:
        for look in (_database, _guards, _outbox, _notices):
            yield from look(connection, now)
        yield from _contracts(settings, connection)
        yield from _secrets(settings, connection)
        yield from _clock(connection, now, lang)
        yield from _worker(connection, now, is_open=is_open)
        yield from _backup(settings, connection, now)
    engine.dispose()


def _folder(settings: Settings) -> Iterator[Symptom]:
    where = {"where": settings.var}
    if not settings.var.is_dir():
        yield Symptom("folder", "problem", "folder_missing", where)
        return
    trial = settings.var / f"trial-{os.getpid()}"
    try:
        trial.touch()
        trial.unlink()
    except OSError:
        yield Symptom("folder", "problem", "folder_unwritable", where)
    else:
        yield Symptom("folder", "fine", "folder_fine", where)
    free = shutil.disk_usage(settings.var).free
    state: State = "problem" if free < FULL_DISK else "notice" if free < LOW_DISK else "fine"
    kind = {"problem": "disk_full", "notice": "disk_low", "fine": "disk_fine"}[state]
    yield Symptom("disk", state, kind, {"free": _size(free)})


def _size(count: int) -> str:
    return f"{count / 2**30:.1f} GB" if count >= 2**30 else f"{count // 2**20} MB"


def _port(settings: Settings, *, is_open: bool) -> Iterator[Symptom]:
    port = {"port": settings.port}
    if is_open:
        yield Symptom("port", "fine", "port_ours", port)
        return
    closed = network.why_port_is_closed(settings.host, settings.port)
    if closed is None:
        yield Symptom("port", "fine", "port_fine", port)
    else:
        yield Symptom("port", "problem", f"port_{closed.removeprefix('port_')}", port)


def _address(settings: Settings) -> Iterator[Symptom]:
    try:
        shown = {"url": settings.base_url}
    except AddressUnreadable as error:
        yield Symptom("address", "problem", "address_unreadable", {"url": error.url})
        return
    if settings.is_https:
        yield Symptom("address", "fine", "address_fine", shown)
    elif settings.is_open_plainly:
        yield Symptom("address", "problem", "address_plain", shown)
    elif settings.is_seen_from_outside:
        yield Symptom("address", "notice", "address_plain_allowed", shown)
    else:
        yield Symptom("address", "notice", "address_here_only", shown)


def _key(settings: Settings) -> Iterator[Symptom]:
    given, path = settings.secret_key.get_secret_value(), settings.var / KEY
    where = {"where": path}
    if given:
        is_short = len(given) < LEAST_KEY
        kind = "key_short" if is_short else "key_fine"
        yield Symptom("key", "problem" if is_short else "fine", kind, {})
    elif not path.exists():
        file = database_file(settings)
        is_lost = file is None or file.exists()
        kind = "key_lost" if is_lost else "key_missing"
        yield Symptom("key", "problem" if is_lost else "notice", kind, where)
    elif os.name != "nt" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield Symptom("key", "problem", "key_open", where)
    else:
        yield Symptom("key", "fine", "key_fine", {})


def _fonts() -> Iterator[Symptom]:
    try:
        from traceability.labels import fonts
    except ModuleNotFoundError:
        yield Symptom("fonts", "problem", "fonts_missing", {})
    else:
        yield Symptom("fonts", "fine", "fonts_fine", {"name": fonts.__name__})


def _database(connection: Connection, now: datetime) -> Iterator[Symptom]:
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite and connection.execute(text("PRAGMA quick_check(1)")).scalar() != "ok":
        yield Symptom("database", "problem", "database_damaged", {})
        return
    revision = schema.current(connection)
    yield Symptom("database", "fine", "database_fine", {"revision": revision})


def _guards(connection: Connection, now: datetime) -> Iterator[Symptom]:
    found = invariants.prove(connection, now=now, rules=guards.RULES)
    tables = sorted({one.table for one in found})
    if tables:
        yield Symptom("guards", "problem", "guards_missing", {"tables": ", ".join(tables)})
    else:
        yield Symptom("guards", "fine", "guards_fine", {})


def _outbox(connection: Connection, now: datetime) -> Iterator[Symptom]:
    with Session(connection) as session:
        backlog = outbox.backlog(session)
    values = {"dead": backlog.dead, "pending": backlog.pending}
    waited = now - backlog.oldest_due_at if backlog.oldest_due_at else timedelta()
    if backlog.dead:
        yield Symptom("outbox", "problem", "outbox_dead", values)
    elif waited > LATE_MESSAGE:
        minutes = int(waited.total_seconds() // 60)
        yield Symptom("outbox", "notice", "outbox_late", {**values, "minutes": minutes})
    else:
        yield Symptom("outbox", "fine", "outbox_fine", values)


def _notices(connection: Connection, now: datetime) -> Iterator[Symptom]:
    with Session(connection) as session:
        rows = refused_notices.refused(session, now - timedelta(days=1))
    if times := sum(row.times for row in rows):
        sellers = ", ".join(sorted({str(row.seller_id) for row in rows}))
        values = {"count": times, "sellers": sellers}
        yield Symptom("notices", "notice", "notices_refused", values)
    else:
        yield Symptom("notices", "fine", "notices_fine", {})


def _contracts(settings: Settings, connection: Connection) -> Iterator[Symptom]:
    with Session(connection) as session:
        found = contract_addresses.wrong_contracts(session)
        real = contract_addresses.real_contracts(session)
    if found:
        sellers = ", ".join(sorted({str(one.seller_id) for one in found}))
        values = {"count": len(found), "sellers": sellers}
        yield Symptom("contracts", "problem", "contracts_wrong", values)
    elif real and not settings.is_reachable:
        values = {"count": len(real), "address": settings.base_url}
        yield Symptom("contracts", "problem", "contracts_out_of_reach", values)
    else:
        yield Symptom("contracts", "fine", "contracts_fine", {})


def _secrets(settings: Settings, connection: Connection) -> Iterator[Symptom]:
    """Look whether the key of today opens what was closed; none is made for the purpose."""
    if not settings.secret_key.get_secret_value() and not (settings.var / KEY).exists():
        return
    vault = Vault(settings)
    with Session(connection) as session:
        contracts = len(kept_secrets.closed_contracts(session, vault))
        people = kept_secrets.closed_second_factors(session, vault)
    if contracts or people:
        values = {"contracts": contracts, "people": people}
        yield Symptom("secrets", "problem", "secrets_of_another_key", values)
    else:
        yield Symptom("secrets", "fine", "secrets_fine", {})


def _clock(connection: Connection, now: datetime, lang: Language) -> Iterator[Symptom]:
    written = connection.execute(text("SELECT MAX(at) FROM audit_entry")).scalar()
    last = _moment(written) if written else now
    shown = {"now": formats.moment(now, lang), "last": formats.moment(last, lang)}
    days = int(os.environ.get("DACSAN_CLOCK_DAYS", "0"))
    if last > now + CLOCK_SLACK:
        yield Symptom("clock", "problem", "clock_back", shown)
    elif days:
        yield Symptom("clock", "notice", "clock_moved", {"days": days})
    else:
        yield Symptom("clock", "fine", "clock_fine", shown)


def _worker(connection: Connection, now: datetime, *, is_open: bool) -> Iterator[Symptom]:
    with Session(connection) as session:
        heard = outbox.last_finished_runs(session).get("heartbeat")
    seconds = int((now - heard).total_seconds()) if heard else None
    if seconds is not None and seconds <= HEARTBEAT.total_seconds():
        yield Symptom("worker", "fine", "worker_fine", {"seconds": max(0, seconds)})
    elif is_open:
        yield Symptom("worker", "problem", "worker_dead", {})
    else:
        yield Symptom("worker", "notice", "worker_asleep", {})


def _backup(settings: Settings, connection: Connection, now: datetime) -> Iterator[Symptom]:
    try:
        note = json.loads((settings.var / NOTE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        live = connection.execute(text("SELECT 1 FROM seller WHERE mode = 'live' LIMIT 1"))
        if live.scalar():
            yield Symptom("backup", "problem", "backup_never", {})
        else:
            yield Symptom("backup", "notice", "backup_not_yet", {})
        return
    age = now - datetime.fromisoformat(note["made_at"])
    values = {"days": max(0, age.days)}
    lies_here = Path(note["path"]).is_relative_to(settings.var.resolve())
    if age > OLD_BACKUP:
        yield Symptom("backup", "problem", "backup_old", values)
    elif lies_here:
        yield Symptom("backup", "notice", "backup_here_only", values)
    else:
        yield Symptom("backup", "fine", "backup_fine", values)


def _moment(value: datetime | str) -> datetime:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(f"{value}+00:00")
    return moment.astimezone(clock.VIETNAM)
