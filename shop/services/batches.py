"""Batches: opening one under its lot, its dates; inputs, steps and packing stand beside."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from shop.errors import FieldRefused, WrongMove
from shop.models.batches import Batch, BatchKind, BatchState
from shop.models.catalog import Product, Seller
from shop.models.journal import TraceEvent
from shop.queries import batches as reading
from shop.services import journal
from shop.services.actors import Actor, audit, require
from shop.services.batch_drafts import require_unpacked
from shop.services.batch_inputs import add_input, add_source
from shop.services.batch_packing import pack
from shop.services.batch_steps import Step, add_step
from shop.services.permissions import Action
from traceability import lot as lots
from traceability.epcis.build import Quantity
from traceability.errors import TraceabilityError

__all__ = [
    "Opening",
    "Step",
    "add_input",
    "add_source",
    "add_step",
    "change_dates",
    "draw_up",
    "free_lots",
    "next_lot",
    "open_batch",
    "pack",
    "proposed_expiry",
    "require_free",
    "tell_opened",
    "typed_lot",
]

_MOST_A_DAY = 10_000


@dataclass(frozen=True, slots=True)
class Opening:
    """A batch that is to be opened."""

    product: Product
    lot: str
    made_on: date
    expires_on: date | None = None
    note: str = ""
    client_id: str | None = None
    told: Mapping[str, Any] | None = None


def next_lot(session: Session, seller: Seller, day: date, *, prefix: str = "") -> str:
    """Return the next lot code of this day, with its check character (`design.md` 2)."""
    return next(free_lots(session, seller, day, prefix=prefix))


def free_lots(session: Session, seller: Seller, day: date, *, prefix: str = "") -> Iterator[str]:
    """Yield the lots that are free on `day`, one after the other."""
    first = prefix or seller.lot_prefix
    stem = f"{first}-{day:%y%m%d}-"
    taken: set[str] = set()
    for lot in reading.lots_beginning(session, seller.id, stem):
        rest = lot.removeprefix(stem)
        taken |= {rest, rest[:-1]}
    for number in range(1, _MOST_A_DAY):
        if f"{number:02}" not in taken:
            yield lots.generate(first, day, number)


def typed_lot(session: Session, seller: Seller, text: str) -> str:
    """Return the lot a person typed, made printable; raise `FieldRefused` where it is taken."""
    try:
        lot = lots.normalise(text)
    except TraceabilityError as error:
        raise FieldRefused("lot", "lot_unreadable", lot=text) from error
    if reading.batch_by_lot(session, seller.id, lot) is not None:
        raise FieldRefused("lot", "lot_duplicate", lot=lot)
    return lot


def proposed_expiry(product: Product, made_on: date) -> date | None:
    """Return the last day of sale by the product's shelf life; `None` where it has none."""
    if product.shelf_life_days is None:
        return None
    return made_on + timedelta(days=product.shelf_life_days)


def open_batch(
    session: Session,
    product: Product,
    *,
    lot: str | None,
    made_on: date,
    expires_on: date | None,
    actor: Actor,
    now: datetime,
    note: str = "",
    client_id: str | None = None,
    told: Mapping[str, Any] | None = None,
) -> Batch:
    """Begin a batch of `product`; without a lot the next one of the day is given.

    The day of expiry is proposed from the shelf life when none is typed; the same `client_id`
    again returns the first batch. `told` is what the event says beside that, nobody's
    name. Raises `FieldRefused` for a lot that is taken, or an expiry before the day of making.
    """
    seller = product.seller
    require(actor, Action.EDIT_BATCH, seller.id)
    known = journal.find(session, seller.id, client_id)
    if known is not None:
        return _opened(session, seller, journal.first_lot(known))
    wanted = Opening(product, lot or next_lot(session, seller, made_on), made_on, expires_on, note,
                     client_id, told)  # fmt: skip
    require_free(session, seller, [wanted.lot])
    batch, _event = draw_up(session, seller, wanted, actor=actor, now=now)
    session.add(batch)
    session.flush()
    tell_opened(session, batch, actor=actor, now=now)
    return batch


def require_free(session: Session, seller: Seller, wanted: Iterable[str]) -> None:
    """Raise `FieldRefused` for a lot that is taken."""
    taken = reading.lots_known(session, seller.id, wanted)
    if taken:
        raise FieldRefused("lot", "lot_duplicate", lot=min(taken))


def draw_up(
    session: Session,
    seller: Seller,
    opening: Opening,
    *,
    actor: Actor,
    now: datetime,
    later: bool = False,
) -> tuple[Batch, TraceEvent]:
    """Return a new batch and the event that opens it, which is stored unless it is `later`.

    Nobody has the lot yet. Raises `FieldRefused` for an expiry before the day of making.
    """
    batch = Batch(
        seller_id=seller.id,
        seller=seller,
        product_id=opening.product.id,
        product=opening.product,
        lot=opening.lot,
        kind=BatchKind.RETAIL,
        state=BatchState.DRAFT,
        goods=opening.product.name,
        quantity_g=0,
        made_on=opening.made_on,
        expires_on=_checked_expiry(opening.product, opening.made_on, opening.expires_on),
        note=opening.note,
        is_sample=actor.kind == "demo",
        created_at=now,
        retained_sample_g=0,
        leftover_g=0,
        packs=[],
        inputs=[],
        steps=[],
    )
    event = journal.observe(
        session,
        seller,
        "dacsan:opening",
        quantities=[Quantity(journal.lot_uri(session, batch))],
        at=now,
        now=now,
        client_id=opening.client_id,
        extensions=opening.told,
        later=later,
    )
    return batch, event


def tell_opened(session: Session, batch: Batch, *, actor: Actor, now: datetime) -> None:
    """Write down who opened `batch`."""
    after = {"lot": batch.lot, **_dates(batch)}
    audit(session, actor, "batch_opened", batch, now=now, after=after)


def change_dates(
    session: Session,
    batch: Batch,
    *,
    made_on: date,
    expires_on: date | None,
    note: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Correct the days of a draft that is not packed; refusals as in `open_batch`."""
    require(actor, Action.EDIT_BATCH, batch.seller_id)
    require_unpacked(batch)
    if batch.product is None:
        raise WrongMove(f"batch {batch.lot} is of no product")
    before = _dates(batch)
    batch.made_on, batch.note = made_on, note
    batch.expires_on = _checked_expiry(batch.product, made_on, expires_on)
    audit(session, actor, "batch_dated", batch, now=now, before=before, after=_dates(batch))


def _checked_expiry(product: Product, made_on: date, expires_on: date | None) -> date | None:
    expires_on = expires_on or proposed_expiry(product, made_on)
    if expires_on is not None and expires_on < made_on:
        raise FieldRefused(
            "expires_on", "expiry_before_production", expires_on=expires_on, made_on=made_on
        )
    return expires_on


def _dates(batch: Batch) -> dict[str, str | None]:
    return {
        "made_on": batch.made_on.isoformat() if batch.made_on else None,
        "expires_on": batch.expires_on.isoformat() if batch.expires_on else None,
        "note": batch.note,
    }


def _opened(session: Session, seller: Seller, lot: str) -> Batch:
    found = reading.batch_by_lot(session, seller.id, lot)
    if found is None:
        raise WrongMove(f"the entry belongs to another lot than {lot}")
    return found
