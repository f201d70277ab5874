"""Batches of a run that is taken back: empty ones go, what was packed is counted away."""

from datetime import date
from typing import Any

from shop.messages_imports import WRITTEN
from shop.models.batches import Batch, BatchState
from shop.models.imports import ImportRow
from shop.queries import import_subjects
from shop.queries import inventory as stock
from shop.services import batches, journal, stock_take
from shop.services.imports.batch_work import batch_values
from shop.services.imports.plan import entry_id
from shop.services.imports.taking_back import (
    CHANGED_SINCE,
    IN_USE,
    LOT_STAYS,
    STOCK_MOVED,
    Found,
    Undoing,
    keep,
    remove,
    stands,
)


def batches_stocked(undoing: Undoing, found: Found) -> None:
    """Count the goods away again; the lots stay in the books, as labels may bear them."""
    session = undoing.session
    place = stock.main_place(session, undoing.run.seller_id)
    made = [one.id for _, batch in found for one in batch.packs]
    levels = import_subjects.levels(session, place.id, made)

    def judge(row: ImportRow, batch: Batch) -> str | None:
        for one in batch.packs:
            level = levels.get(one.id)
            if level is None or level.on_hand != one.produced or level.reserved:
                return STOCK_MOVED
        return None if batch.state is BatchState.DRAFT else CHANGED_SINCE

    reason = str(WRITTEN["taken_back"])
    counts = [
        stock_take.Count(one.id, 0, one.produced, reason)
        for _, batch in keep(found, judge)
        for one in batch.packs
    ]
    entry = entry_id(undoing.run.token, "back")
    stock_take.take_stock(session, place, counts, client_id=entry, **undoing.by)


def batches_created(undoing: Undoing, found: Found) -> None:
    """Take out drafts in which nothing happened; their events stay and are declared wrong."""

    def judge(row: ImportRow, batch: Batch) -> str | None:
        if batch.packs:
            return LOT_STAYS
        if batch_values(batch) != row.after or batch.state is not BatchState.DRAFT:
            return CHANGED_SINCE
        return IN_USE if batch.inputs or batch.steps or batch.notices else None

    fitting = keep(found, judge)
    entries = {row.id: entry_id(undoing.run.token, batch.lot) for row, batch in fitting}
    remove(undoing, fitting, _told_of)
    gone = [entries[row.id] for row, _ in fitting if row.kept_because is None]
    opened = import_subjects.events(undoing.session, undoing.run.seller_id, gone)
    for event in opened.values():
        journal.declare_wrong(undoing.session, event, now=undoing.now, later=True)


def batches_changed(undoing: Undoing, found: Found) -> None:
    """Let drafts have their days back."""

    def judge(row: ImportRow, batch: Batch) -> str | None:
        if not stands(batch_values(batch), row.after):
            return CHANGED_SINCE
        if batch.packs or batch.state is not BatchState.DRAFT:
            return LOT_STAYS
        return None if (batch_values(batch) | (row.before or {}))["made_on"] else IN_USE

    for row, batch in keep(found, judge):
        values = batch_values(batch) | (row.before or {})
        batches.change_dates(
            undoing.session,
            batch,
            made_on=date.fromisoformat(values["made_on"]),
            expires_on=date.fromisoformat(values["expires_on"]) if values["expires_on"] else None,
            note=values["note"],
            **undoing.by,
        )


def _told_of(batch: Batch) -> dict[str, Any]:
    return {"lot": batch.lot, "goods": batch.goods, **batch_values(batch)}
