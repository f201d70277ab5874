"""What the office page of a draft proposes: deliveries to take, the next step, its weight."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from shop import formats
from shop.clock import day_of
from shop.forms.batch import dates_as_typed
from shop.forms.batch_inputs import (
    ALL_PLOTS,
    GOODS,
    TREATED_WITH,
    WANTED,
    named_deliveries,
)
from shop.locales import current_locale
from shop.models.batches import Batch
from shop.pages.office_batch_list import giver
from shop.queries import office_batches as queries
from shop.services.batch_steps import weight_there


def offers(session: Session, batch: Batch, typed: Mapping[str, str]) -> dict[str, Any]:
    """Return the choices of the forms of a draft, those that were `typed` among them."""
    wanted = typed.get(WANTED, "").strip()[:80]
    found, count = queries.open_deliveries(
        session, batch, wanted=wanted, also=named_deliveries(typed)
    )
    plots = {row.plot_id: row.plot for row in batch.inputs if row.source_id and row.plot}
    there = weight_there(batch)
    return {
        "open_deliveries": [(row, giver(row)) for row in found],
        "open_count": count,
        "wanted": wanted,
        "can_search": bool(wanted) or count > len(found),
        "goods_kinds": [(kind.value, words) for kind, words in GOODS.items()],
        "spray_kinds": [(kind.value, words) for kind, words in TREATED_WITH.items()],
        "plots": [
            (ALL_PLOTS, _("Tất cả thửa đã giao hàng cho lô này")),
            *((plot_id, f"{plot.code} · {plot.crop}") for plot_id, plot in plots.items()),
        ],
        "known_goods": queries.ingredients_before(session, batch.seller_id),
        "operators": [
            (one.id, one.full_name) for one in queries.members(session, batch.seller_id)
        ],
        "offered_packs": queries.packs(session, batch.product_id) if batch.product_id else [],
        "there": formats.weight(there, current_locale()) if there else "",
    }


def proposed(batch: Batch, usual: Sequence[Any], *, today: date) -> Mapping[str, str]:
    """Return the values that the fields of a draft begin with.

    `usual` are the steps that the product usually goes through.
    """
    coming = _coming(batch, usual)
    last = batch.steps[-1] if batch.steps else None
    day = day_of(last.ended_at) if last else (batch.made_on or today)
    place = last.place if last else (coming.place if coming else "")
    return {
        **dates_as_typed(batch),
        "packed_on": formats.day(today),
        "spray_plot": ALL_PLOTS,
        "step_name": coming.name if coming else "",
        "step_place": place or _("Xưởng"),
        "step_day": formats.day(min(day, today)),
        "step_from": formats.clock_time(last.ended_at) if last else "",
        "in_g": kilograms_as_typed(weight_there(batch)),
    }


def _coming(batch: Batch, usual: Sequence[Any]) -> Any:
    """Return the step that usually follows the last one; the first that is not done yet."""
    done = [step.name for step in batch.steps]
    names = [row.name for row in usual]
    first = names.index(done[-1]) + 1 if done and done[-1] in names else 0
    return next((row for row in usual[first:] if row.name not in done), None)


def kilograms_as_typed(grams: int) -> str:
    """Return grams as somebody would type them, without dots between thousands; none as empty.

    >>> kilograms_as_typed(12_500), kilograms_as_typed(1_250_000)
    ('12,5 kg', '1250 kg')
    """
    if not grams:
        return ""
    whole, rest = divmod(grams, 1000)
    decimals = f",{rest:03}".rstrip("0") if rest else ""
    return f"{whole}{decimals} kg"
