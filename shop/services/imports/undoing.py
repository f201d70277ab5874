"""Taking a whole run back: what it made goes, what it changed is as before, the rest is told."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from shop.errors import ShopError
from shop.models.base import Model
from shop.models.batches import Batch
from shop.models.catalog import Pack, Product
from shop.models.imports import ImportAct, ImportRow, ImportRun
from shop.models.people import Member, Plot
from shop.queries import import_subjects
from shop.queries.locks import lock
from shop.services.actors import Actor, audit, require
from shop.services.imports import taking_back_batches as of_batches
from shop.services.imports import taking_back_goods as of_goods
from shop.services.imports import taking_back_people as of_people
from shop.services.imports.taking_back import GONE, Found, Undoing
from shop.services.permissions import Action

UNDO_WITHIN = timedelta(days=30)


class UndoneTooLate(ShopError):
    """The run is older than the time within which it can be taken back."""

    code = "undone_too_late"
    status = 409


def undo(session: Session, run: ImportRun, *, actor: Actor, now: datetime) -> None:
    """Take back what `run` did, as far as nobody has built on it since.

    What stays has its reason in `kept_because`. A second time does nothing. Raises `NotAllowed`
    and, after 30 days, `UndoneTooLate`.
    """
    require(actor, Action.IMPORT_ROWS, run.seller_id)
    lock(session, run.seller)
    session.refresh(run)
    if run.undone_at is not None:
        return
    if now - run.imported_at > UNDO_WITHIN:
        raise UndoneTooLate(f"run {run.id} is of {run.imported_at}", days=UNDO_WITHIN.days)
    undoing = Undoing(session, run, actor, now)
    last_first = sorted(run.rows, key=lambda row: row.id, reverse=True)
    for model, act, how in _IN_ORDER:
        kind = model.__tablename__
        _take_back(
            undoing,
            model,
            [row for row in last_first if (row.subject_kind, row.act) == (kind, act)],
            how,
        )
    run.undone_at, run.undone_by_id = now, actor.account_id
    session.flush()
    kept = sum(row.kept_because is not None for row in run.rows)
    audit(session, actor, "import_undone", run, now=now, after={"kept": kept})


def _take_back(
    undoing: Undoing,
    model: type[Model],
    rows: Sequence[ImportRow],
    how: Callable[[Undoing, Found], None],
) -> None:
    """Take back things of one kind; what is there no more is told."""
    subjects = import_subjects.read(undoing.session, model, {row.subject_id for row in rows})
    for row in rows:
        row.kept_because = None if row.subject_id in subjects else GONE
    found = [(row, subjects[row.subject_id]) for row in rows if row.subject_id in subjects]
    if found:
        how(undoing, found)
        undoing.session.flush()


_IN_ORDER: Sequence[tuple[type[Model], ImportAct, Callable[[Undoing, Found], None]]] = (
    (Batch, ImportAct.STOCKED, of_batches.batches_stocked),
    (Batch, ImportAct.CREATED, of_batches.batches_created),
    (Batch, ImportAct.CHANGED, of_batches.batches_changed),
    (Pack, ImportAct.CREATED, of_goods.packs_created),
    (Pack, ImportAct.CHANGED, of_goods.packs_changed),
    (Product, ImportAct.CREATED, of_goods.products_created),
    (Product, ImportAct.CHANGED, of_goods.products_changed),
    (Plot, ImportAct.CREATED, of_people.plots_created),
    (Plot, ImportAct.CHANGED, of_people.plots_changed),
    (Member, ImportAct.CREATED, of_people.members_created),
    (Member, ImportAct.CHANGED, of_people.members_changed),
)
"""How each act on each kind of thing is taken back: what rests on others before these."""
