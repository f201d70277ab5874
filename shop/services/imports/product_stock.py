"""The stock column of a file of products: goods need a batch, so one is opened, or it is said."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from shop.forms.imports.ticks import make_tick
from shop.models.catalog import Seller
from shop.models.imports import ImportAct
from shop.queries import imports as reading
from shop.queries import inventory as stock
from shop.services import batches, opening_stock
from shop.services.batches import Opening
from shop.services.imports.plan import Difference, Doing, Done, Judging
from shop.services.imports.product_work import ProductGroup, Shelving
from shop.services.opening_stock import DrawnUp

_Stocked = dict[int, int]
"""By the number of its row, how many of each pack of one product were counted."""


def plan_stock(
    session: Session,
    judging: Judging,
    seller: Seller,
    groups: Sequence[ProductGroup],
    shelving: Shelving,
    *,
    made_on: date | None,
) -> None:
    """Add to `judging` a draft batch for each product with packs that were never in one.

    Without `made_on`, and for packs that are in the books already with another count, the stock
    stays as it is and somebody must have seen that.
    """
    said = [_said(judging, group) for group in groups]
    if not any(said):
        return
    left_out: list[int] = []
    differ: list[int] = []
    stocked: list[_Stocked] = []
    in_books = reading.packs_in_batches(session, seller.id)
    counts = reading.on_hand(session, seller.id)
    for group, units in zip(groups, said, strict=True):
        wanted: _Stocked = {}
        for number, count in units.items():
            pack = group.rows[number][1]
            if pack is not None and pack.id in in_books:
                if counts.get(pack.id, 0) != count:
                    differ.append(number)
            elif count and made_on is None:
                left_out.append(number)
            elif count:
                wanted[number] = count
                told = judging.differences.setdefault(number, [])
                told.append(Difference("stock", None, count))
        if wanted:
            stocked.append(wanted)
    if stocked and made_on is not None:
        judging.work.append(partial(_do, seller, stocked, shelving, made_on))
    if left_out:
        judging.ticks.append(make_tick("stock_left_out", rows=left_out))
    if differ:
        judging.ticks.append(make_tick("stock_differs", rows=differ))


def _said(judging: Judging, group: ProductGroup) -> _Stocked:
    """Return what the rows of a product say of its stock, where nothing is wrong with them."""
    return {
        number: row.stock
        for number, (row, _pack) in group.rows.items()
        if row.stock is not None and not judging.is_refused(number)
    }


def _do(
    seller: Seller,
    stocked: Sequence[_Stocked],
    shelving: Shelving,
    made_on: date,
    doing: Doing,
) -> list[Done]:
    """Open a batch for each product, and pack into it what was counted."""
    by: dict[str, Any] = {"actor": doing.actor, "now": doing.now}
    session = doing.session
    place = stock.main_place(session, seller.id)
    lots = batches.free_lots(session, seller, made_on)
    done, written = list[Done](), list[DrawnUp]()
    for one in stocked:
        outputs = [(shelving[number], units) for number, units in one.items()]
        opening = Opening(outputs[0][0].product, next(lots), made_on)
        drawn = opening_stock.open_new(session, seller, opening, **by)
        opening_stock.put_in_stock(
            session, drawn, outputs, place=place, document=doing.document, **by
        )
        written.append(drawn)
        packed = {pack.sku: units for pack, units in outputs}
        batch = drawn.batch
        done.append(Done(min(one), ImportAct.STOCKED, batch, batch.lot, after=packed))
    opening_stock.store(session, seller, written, **by)
    return done
