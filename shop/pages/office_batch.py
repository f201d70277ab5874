"""The page of a batch in the office: its blocks, what was typed into them, what it lacks."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from shop import formats
from shop.forms import batch as batch_form
from shop.forms import batch_inputs, batch_packs, batch_step
from shop.locales import current_locale
from shop.models.batches import Batch, BatchState
from shop.pages.office_batch_offers import offers, proposed
from shop.pages.office_batch_rows import (
    balance,
    doubt,
    input_row,
    notice_rows,
    pack_rows,
    step_row,
)
from shop.pages.office_batch_words import MISSING, REASONS, STATES, TONES, standing
from shop.queries import office_batches as queries
from shop.queries import recalls
from shop.services import labels
from shop.services.actors import Actor
from shop.services.batch_inputs import TREATMENTS
from shop.services.batch_release import missing_for_release
from shop.services.permissions import Action

NAMES: Mapping[str, Any] = {
    **batch_form.NAMES,
    **batch_inputs.NAMES,
    **batch_step.NAMES,
    **batch_packs.NAMES,
}


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into one block of the page, and what is wrong with it."""

    block: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    to_confirm: Mapping[str, int] = field(default_factory=dict)
    is_question: bool = False
    """Whether a tick ("I weighed it again") would let it pass."""


def batch_sheet(
    session: Session, batch: Batch, typed: Typed, *, actor: Actor, today: date
) -> dict[str, Any]:
    """Return what `office/batches/show.html` shows."""
    is_draft = batch.state is BatchState.DRAFT
    is_open = is_draft and not batch.packs
    key = standing(batch.state, batch.expires_on, today)
    lang = current_locale()
    sheet = {
        "batch": batch,
        "state": STATES[key],
        "tone": TONES.get(key, ""),
        "is_draft": is_draft,
        "is_open": is_open,
        **_acts(batch, actor, today),
        "reasons": list(REASONS.items()),
        "notices": notice_rows(batch),
        "buyers": _buyers(session, batch, actor),
        "blocks": _blocks(batch, typed, is_open=is_open),
        "missing": missing(batch) if is_draft else [],
        "sources": [input_row(row, lang) for row in batch.inputs if row.source_id],
        "goods": [
            input_row(row, lang)
            for row in batch.inputs
            if row.source_id is None and row.kind not in TREATMENTS
        ],
        "treatments": [input_row(row, lang) for row in batch.inputs if row.kind in TREATMENTS],
        "steps": [step_row(step, lang) for step in batch.steps],
        "balance": balance(batch, lang),
        "doubt": doubt(batch, lang) if is_draft else "",
        "packs": pack_rows(session, batch),
        "typed_block": typed.block,
        "typed": dict(typed.values),
        "faults": typed.faults,
        "is_question": typed.is_question,
        **read_back(typed.to_confirm, _name),
        "summary": [(name, _name(name)) for name in typed.faults],
        "new_id": lambda: str(uuid.uuid4()),
    }
    if is_draft:
        usual = queries.steps_before(session, batch)
        sheet |= offers(session, batch, typed.values)
        sheet["known_steps"] = list(dict.fromkeys(row.name for row in usual))
        sheet["typed"] = {**proposed(batch, usual, today=today), **typed.values}
    return sheet


def read_back(to_confirm: Mapping[str, int], name_of: Callable[[str], str]) -> dict[str, Any]:
    """Return what a page shows of weights that were said in words and are to be confirmed."""
    lang = current_locale()
    understood = {name: formats.weight(grams, lang) for name, grams in to_confirm.items()}
    return {
        "to_confirm": to_confirm,
        "understood": understood,
        "read_back": [(name, name_of(name), words) for name, words in understood.items()],
    }


def _name(field_name: str) -> str:
    if field_name.startswith("take-"):
        return str(NAMES["taken"])
    if field_name.startswith("units-"):
        return str(NAMES["packs"])
    return str(NAMES.get(field_name, field_name))


def missing(batch: Batch, codes: Sequence[str] | None = None) -> list[tuple[str, str]]:
    """Return words and address for each thing that `batch` lacks before it may be sold."""
    page = url_for("office_batches.show", batch_id=batch.id)
    found = []
    for code in missing_for_release(batch) if codes is None else codes:
        words, block = MISSING[code]
        address = f"{page}#{block}"
        if not block:
            address = url_for("office_products.edit", product_id=batch.product_id)
        found.append((str(words), address))
    return found


def _blocks(batch: Batch, typed: Typed, *, is_open: bool) -> dict[str, bool]:
    """Return which blocks stand open: the one that was typed into, else where work goes on."""
    next_one = ""
    if is_open:
        next_one = "step" if batch.inputs else "sources"
        has_all_steps = bool(batch.steps) and batch.steps[-1].code == "pack"
        next_one = "packs" if has_all_steps else next_one
    wanted = {typed.block, next_one}
    names = ("dates", "sources", "goods", "treatment", "step", "packs")
    return {name: name in wanted for name in names}


def _acts(batch: Batch, actor: Actor, today: date) -> dict[str, bool]:
    """Return what can be done with the whole batch now, by who looks at it."""
    may_release = actor.may(Action.RELEASE_BATCH, batch.seller_id)
    may_hold = actor.may(Action.HOLD_BATCH, batch.seller_id)
    may_print = actor.may(Action.PRINT_LABEL, batch.seller_id)
    is_packed_draft = batch.state is BatchState.DRAFT and bool(batch.packs)
    return {
        "is_packed_draft": is_packed_draft,
        "can_release": is_packed_draft and may_release,
        "can_hold": batch.state is BatchState.RELEASED and may_hold,
        "can_resume": batch.state is BatchState.HELD and may_release,
        "can_print": may_print and bool(batch.packs) and not labels.stopped(batch, today=today),
    }


def _buyers(session: Session, batch: Batch, actor: Actor) -> Sequence[Any]:
    """Return the orders to call about while a batch is stopped (R39), for who may see orders."""
    stopped = batch.state in {BatchState.HELD, BatchState.RECALLED}
    if not stopped or not actor.may(Action.SEE_ORDERS, batch.seller_id):
        return []
    return recalls.orders_with(session, batch.id)
