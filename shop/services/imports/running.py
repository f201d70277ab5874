"""Trying a file and bringing it in: once, all of it or its good rows, in one transaction."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from shop.errors import Changed, FieldRefused, ShopError
from shop.forms.imports.kinds import ImportKind
from shop.forms.imports.rows import FileRows, read_rows
from shop.models.catalog import Seller
from shop.models.imports import ImportRow, ImportRun
from shop.models.people import AuditEntry
from shop.queries import imports as reading
from shop.queries.locks import lock
from shop.services import storing
from shop.services.actors import Actor, audit, require
from shop.services.imports import batches, members, products
from shop.services.imports.plan import Doing, Done, Plan, RowAct
from shop.services.permissions import Action


class RowsRefused(ShopError):
    """Rows of a file have faults and nobody said that the others alone are wanted."""

    code = "rows_refused"
    status = 422


class TicksMissing(ShopError):
    """A file asks something that somebody must look at first; `codes` names it."""

    code = "ticks_missing"
    status = 409


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file and how it is to be read."""

    kind: ImportKind
    content: bytes
    file_name: str = ""
    sheet: str = ""
    stock_made_on: date | None = None

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the file."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Consent:
    """What somebody said after looking at the plan with this `fingerprint`, if they saw one."""

    ticked: Sequence[str] = field(default_factory=tuple)
    only_good: bool = False
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file: its run, nothing where all of it was there, and the plan of it.

    A run that was confirmed before has no plan any more.
    """

    run: ImportRun | None
    plan: Plan | None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file as it was read and judged before the books are held."""

    file: FileRows
    plan: Plan


def look(session: Session, seller: Seller, wanted: Wanted, *, actor: Actor, today: date) -> Plan:
    """Return what a file would do, and write nothing.

    Raises `NotAllowed`, and `FileRefused` for a file that cannot be read as a whole.
    """
    require(actor, Action.IMPORT_ROWS, seller.id)
    return _plan(session, seller, wanted, _read(wanted), today)


def prepare(
    session: Session,
    seller: Seller,
    wanted: Wanted,
    *,
    token: str,
    actor: Actor,
    now: datetime,
    today: date,
) -> Prepared:
    """Read a file and make ready what it would do, in a session that need not write.

    The work that takes long is done here, while others write. Refusals as in `look`.
    """
    require(actor, Action.IMPORT_ROWS, seller.id)
    file = _read(wanted)
    plan = _plan(session, seller, wanted, file.copy(), today)
    plan.draw_up(Doing(session, actor, now, wanted.file_name, token))
    return Prepared(file, plan)


def bring_in(
    session: Session,
    seller: Seller,
    wanted: Wanted,
    consent: Consent,
    *,
    token: str,
    actor: Actor,
    now: datetime,
    today: date,
    prepared: Prepared | None = None,
) -> Outcome:
    """Write down what a file says and return the run; none where all of it is there already.

    The same `token` again returns the first run. Files of one seller wait for each other, so the
    same file sent twice finds its rows unchanged: what was `prepared` for this token is judged
    once more. Raises `FileRefused`, `RowsRefused` and `TicksMissing` (with `plan`), and `Changed`
    when what would be done is no longer what was looked at.
    """
    require(actor, Action.IMPORT_ROWS, seller.id)
    lock(session, seller)
    known = reading.run_by_token(session, token)
    if known is not None:
        return Outcome(known, None)
    if prepared is None:
        plan = _plan(session, seller, wanted, _read(wanted), today)
    else:
        plan = _plan(session, seller, wanted, prepared.file.copy(), today)
        plan.take_over(prepared.plan)
    if plan.faults and not (consent.only_good and plan.does_something):
        raise RowsRefused(f"{len(plan.faults)} faults", plan=plan, count=len(plan.faults))
    if not plan.does_something:
        return Outcome(None, plan)
    if consent.fingerprint and consent.fingerprint != plan.fingerprint:
        raise Changed("the goods changed since the file was looked at", plan=plan)
    missing = plan.unticked(consent.ticked)
    if missing:
        codes = [tick.code for tick in missing]
        raise TicksMissing(f"unanswered: {codes}", codes=codes, plan=plan)
    run = _open_run(session, seller, wanted, plan, token=token, actor=actor, now=now)
    doing = Doing(session, actor, now, wanted.file_name, token)
    try:
        for work in plan.work:
            session.add_all([_row(run, done) for done in work(doing)])
    except FieldRefused as refused:
        raise Changed("somebody else took a number meanwhile", plan=plan) from refused
    audit(session, actor, "rows_imported", run, now=now, after=_told(run, plan))
    storing.insert_pending(session, AuditEntry, ImportRow)
    session.flush()
    return Outcome(run, plan)


def _read(wanted: Wanted) -> FileRows:
    return read_rows(wanted.content, wanted.kind, sheet=wanted.sheet)


def _plan(session: Session, seller: Seller, wanted: Wanted, file: FileRows, today: date) -> Plan:
    if wanted.kind is ImportKind.PRODUCTS:
        return products.plan(session, seller, file, stock_made_on=wanted.stock_made_on)
    planner = members.plan if wanted.kind is ImportKind.MEMBERS else batches.plan
    return planner(session, seller, file, today=today)


def _open_run(
    session: Session,
    seller: Seller,
    wanted: Wanted,
    plan: Plan,
    *,
    token: str,
    actor: Actor,
    now: datetime,
) -> ImportRun:
    run = ImportRun(
        seller_id=seller.id,
        account_id=actor.account_id,
        kind=wanted.kind.value,
        token=token,
        digest=wanted.digest,
        file_name=wanted.file_name,
        counts=plan.counts,
        imported_at=now,
    )
    session.add(run)
    session.flush()
    return run


def _row(run: ImportRun, done: Done) -> ImportRow:
    return ImportRow(
        run_id=run.id,
        number=done.number,
        act=done.act,
        subject_kind=done.subject.__tablename__,
        subject_id=done.subject.id,
        title=done.title,
        before=done.before,
        after=done.after,
    )


def _told(run: ImportRun, plan: Plan) -> dict[str, Any]:
    counts = {act.value: plan.counts[act.value] for act in RowAct}
    return {"file": run.file_name, "kind": run.kind} | counts
