"""Goods that were there before the books: draft batches of their own, packed, not yet for sale."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time

from sqlalchemy.orm import Session

from shop.clock import VIETNAM
from shop.messages_imports import WRITTEN
from shop.models.base import Model
from shop.models.batches import Batch, BatchInput, BatchStep, InputKind
from shop.models.catalog import Pack, Seller
from shop.models.inventory import Place
from shop.models.journal import TraceEvent
from shop.models.people import AuditEntry
from shop.services import batch_inputs, batch_packing, batch_steps, batches, storing
from shop.services.actors import Actor, require
from shop.services.batch_steps import Step
from shop.services.batches import Opening
from shop.services.permissions import Action

Outputs = Sequence[tuple[Pack, int]]
"""How many of each pack were counted."""


@dataclass(slots=True)
class DrawnUp:
    """Rows about one batch that wait to be stored; a batch that is there already is not one."""

    batch: Batch
    is_new: bool
    event: TraceEvent | None = None
    row: BatchInput | None = None
    step: BatchStep | None = None
    stock: list[Model] = field(default_factory=list)

    @property
    def rows(self) -> list[Model]:
        """Return what is to be stored, events in the order in which things happened."""
        return [
            *([self.batch] if self.is_new else []),
            *([self.event] if self.event else []),
            *((self.row.event, self.row) if self.row and self.row.event else ()),
            *((self.step.event, self.step) if self.step and self.step.event else ()),
            *self.stock,
        ]


def open_new(
    session: Session, seller: Seller, opening: Opening, *, actor: Actor, now: datetime
) -> DrawnUp:
    """Draw up a batch whose lot and entry nobody has yet; refusals as in `batches.draw_up`."""
    batch, event = batches.draw_up(session, seller, opening, actor=actor, now=now, later=True)
    return DrawnUp(batch, is_new=True, event=event)


def put_in_stock(
    session: Session,
    drawn: DrawnUp,
    outputs: Outputs,
    *,
    place: Place,
    document: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Pack what was counted into a batch, an empty draft.

    It stays a draft: nobody buys from it before somebody lets it be sold. What it was made of is
    not known, so no yield is asked about: all of its weight came from outside of the books.
    """
    batch, goods = drawn.batch, str(WRITTEN["goods"])
    at = datetime.combine(batch.made_on or now.date(), time(), VIETNAM)
    grams = sum(pack.mass_g * units for pack, units in outputs)
    counted = Step(
        code="receive", name=str(WRITTEN["counted"]), place=batch.seller.short_name,
        started_at=at, ended_at=at, in_g=0, out_g=grams, added_g=grams, added_what=goods,
    )  # fmt: skip
    with session.no_autoflush:
        row = BatchInput(kind=InputKind.OTHER, name=goods, document=document, quantity_g=0)
        batch_inputs.put_in(session, batch, row, now=now, later=True)
        step = batch_steps.write_step(
            session, batch, counted, now=now, is_confirmed=True, later=True
        )
        made, stock = batch_packing.put_in_packs(
            session, batch, outputs, packed_at=at, packed_on=at.date(), actor=actor, now=now,
            place=place, later=True,
        )  # fmt: skip
    drawn.row, drawn.step, drawn.stock = row, step, [*made, *stock]


def store(
    session: Session, seller: Seller, drawn: Sequence[DrawnUp], *, actor: Actor, now: datetime
) -> None:
    """Store what was drawn up for batches of `seller`, and who did it: all of it or nothing.

    Raises `FieldRefused` for a lot that was taken meanwhile.
    """
    require(actor, Action.EDIT_BATCH, seller.id)
    batches.require_free(session, seller, [one.batch.lot for one in drawn if one.is_new])
    session.add_all([row for one in drawn if not one.is_new for row in one.rows])
    storing.insert_all(session, [row for one in drawn if one.is_new for row in one.rows])
    for one in drawn:
        if one.is_new:
            batches.tell_opened(session, one.batch, actor=actor, now=now)
        if one.row and one.step:
            batch_inputs.tell_input(session, one.batch, one.row, actor=actor, now=now)
            batch_steps.tell_step(
                session, one.batch, one.step, actor=actor, now=now, is_confirmed=True
            )
            batch_packing.tell_packed(session, one.batch, actor=actor, now=now)
    storing.insert_pending(session, AuditEntry)
