"""Batches from a file: each row a lot, or one more kind of pack of a lot."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from shop.forms.imports.batch_rows import BatchRow, read_batch_row
from shop.forms.imports.rows import FileRows
from shop.forms.imports.ticks import make_tick
from shop.models.batches import Batch, BatchKind, BatchState
from shop.models.catalog import Pack, Product, Seller
from shop.queries import imports as reading
from shop.search.folding import fold
from shop.services.imports.batch_work import BatchWork, Entry, Lot, batch_values
from shop.services.imports.plan import Difference, Judging, Plan

BATCH_VALUES = ("made_on", "expires_on", "note")


class _Shelf:
    """The products of a seller, by the codes of their packs and by their names."""

    def __init__(self, products: Sequence[Product]) -> None:
        self.by_sku = {pack.sku.upper(): pack for one in products for pack in one.packs}
        self.by_name: dict[str, list[Product]] = {}
        for product in products:
            self.by_name.setdefault(fold(product.name), []).append(product)


def plan(session: Session, seller: Seller, file: FileRows, *, today: date) -> Plan:
    """Return what the rows of `file` would do to the batches of `seller`.

    Every lot stays a draft; goods that were counted are packed into it as goods without a history
    here. A lot with anything written down in it is left as it is.
    """
    judging = Judging(file, seller.id)
    rows = {fields.row.number: read_batch_row(fields, today=today) for fields in file.rows}
    lots = _grouped(session, seller, judging, rows)
    expired: list[int] = []
    entries: list[Entry] = []
    for lot in lots:
        _judge(judging, lot)
        good = {n: said for n, said in lot.rows.items() if not judging.is_refused(n)}
        if good and (entry := _entry(judging, lot, good)):
            entries.append(entry)
            if entry.expires_on is not None and entry.expires_on < today:
                expired += good
    if entries:
        work = BatchWork(seller, entries)
        judging.work.append(work)
        judging.early.append(work)
    if expired:
        judging.ticks.append(make_tick("batch_expired", rows=expired))
    return judging.plan()


def _grouped(
    session: Session, seller: Seller, judging: Judging, rows: Mapping[int, BatchRow]
) -> list[Lot]:
    shelf = _Shelf(reading.products(session, seller.id))
    known = reading.batches(session, seller.id, {row.lot for row in rows.values() if row.lot})
    lots: dict[str, Lot] = {}
    for number, row in rows.items():
        judging.titles[number] = row.lot or ""
        judging.values[number] = {
            name: value.isoformat() if isinstance(value, date) else value
            for name in ("lot", "sku", "name", "made_on", "expires_on", "units", "note")
            if (value := getattr(row, name)) is not None
        }
        product, pack = _find(judging, number, row, shelf)
        if product is None or row.lot is None:
            continue
        batch = known.get(row.lot)
        if batch is not None and (
            batch.product_id != product.id or batch.kind is not BatchKind.RETAIL
        ):
            judging.refuse(number, "lot", "lot_taken", lot=row.lot, name=batch.goods)
            continue
        lot = lots.setdefault(row.lot, Lot(row.lot, batch, product))
        if lot.product is not product:
            judging.refuse(number, "lot", "lot_taken", lot=row.lot, name=lot.product.name)
            continue
        lot.rows[number] = (row, pack)
    return list(lots.values())


def _find(
    judging: Judging, number: int, row: BatchRow, shelf: _Shelf
) -> tuple[Product | None, Pack | None]:
    """Return the product a row is about, and the pack where it says one."""
    if judging.is_unread(number, "sku") or not (row.sku or row.name):
        return None, None
    if row.sku:
        pack = shelf.by_sku.get(row.sku.upper())
        if pack is None:
            judging.refuse(number, "sku", "product_unknown", name=row.sku)
        return (pack.product, pack) if pack else (None, None)
    named = shelf.by_name.get(fold(row.name or ""), [])
    if len(named) != 1:
        code = "pack_unclear" if named else "product_unknown"
        skus = ", ".join(pack.sku for product in named for pack in product.packs)
        judging.refuse(number, "name", code, name=row.name, skus=skus)
        return None, None
    packs = named[0].packs
    if row.units and len(packs) != 1:
        skus = ", ".join(pack.sku for pack in packs) or "?"
        judging.refuse(number, "units", "units_without_pack", skus=skus)
    return named[0], packs[0] if len(packs) == 1 else None


def _judge(judging: Judging, lot: Lot) -> None:
    said: dict[str, tuple[Any, int]] = {}
    seen: dict[int | None, int] = {}
    for number, (row, pack) in lot.rows.items():
        for name in BATCH_VALUES:
            value = getattr(row, name)
            if value is None:
                continue
            before, first = said.setdefault(name, (value, number))
            if before != value:
                judging.refuse(number, name, "cell_differs", first=first)
        identity = pack.id if pack else None
        if identity in seen:
            judging.refuse(number, "lot", "row_twice", first=seen[identity])
        seen.setdefault(identity, number)
        if lot.batch is not None and _is_closed(lot.batch) and _differs(lot, row, pack):
            judging.refuse(number, "lot", "lot_closed", lot=lot.lot)


def _is_closed(batch: Batch) -> bool:
    """Return whether anything was written down in the batch after it was opened."""
    is_begun = bool(batch.packs or batch.inputs or batch.steps)
    return batch.state is not BatchState.DRAFT or is_begun


def _differs(lot: Lot, row: BatchRow, pack: Pack | None) -> bool:
    batch = lot.batch
    if batch is None:
        return True
    days = (row.made_on in {None, batch.made_on}, row.expires_on in {None, batch.expires_on})
    if not all(days) or row.note not in {None, batch.note}:
        return True
    produced = {one.pack_id: one.produced for one in batch.packs}
    return bool(row.units) and (pack is None or produced.get(pack.id) != row.units)


def _days(
    lot: Lot, good: Mapping[int, tuple[BatchRow, Pack | None]]
) -> tuple[date | None, date | None]:
    """Return when the lot was made and its last day, as the rows and the shelf life say."""
    rows = [row for row, _pack in good.values()]
    made_on = next((row.made_on for row in rows if row.made_on), None)
    expires_on = next((row.expires_on for row in rows if row.expires_on), None)
    if expires_on is None and lot.batch is not None and lot.batch.made_on == made_on:
        return made_on, lot.batch.expires_on
    if expires_on is None and made_on is not None and lot.product.shelf_life_days is not None:
        expires_on = made_on + timedelta(days=lot.product.shelf_life_days)
    return made_on, expires_on


def _entry(
    judging: Judging, lot: Lot, good: Mapping[int, tuple[BatchRow, Pack | None]]
) -> Entry | None:
    """Tell what differs in one lot; return what is to be written, if anything is."""
    first = min(good)
    made_on, expires_on = _days(lot, good)
    said = next((row.note for row, _pack in good.values() if row.note), None)
    note = (said or "") if lot.batch is None else said if said is not None else lot.batch.note
    after = {
        "made_on": made_on.isoformat() if made_on else None,
        "expires_on": expires_on.isoformat() if expires_on else None,
        "note": note,
    }
    before = batch_values(lot.batch) if lot.batch else {"note": ""}
    outputs = [(pack, row.units) for row, pack in good.values() if pack and row.units]
    is_closed = lot.batch is not None and _is_closed(lot.batch)
    for number, (row, pack) in good.items():
        found = []
        if number == first and not is_closed:
            found = [Difference(n, before.get(n), v) for n, v in after.items()
                     if before.get(n) != v]  # fmt: skip
        if row.units and pack and not is_closed:
            found.append(Difference("units", None, row.units))
        judging.differences[number] = found
        if lot.batch is None:
            judging.new.add(number)
    does_something = any(judging.differences[number] for number in good)
    if made_on is None or is_closed or not does_something:
        return None
    return Entry(lot, first, made_on, expires_on, note, outputs)
