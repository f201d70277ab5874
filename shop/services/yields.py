"""Whether so much can come out of so much: a question to the person who weighed (R35)."""

from decimal import Decimal

from shop.errors import FieldRefused
from shop.models.batches import Batch
from traceability.mass_balance import YieldRange, YieldVerdict, judge_yield

FINISHING = frozenset({"dry", "scent", "sort", "mill", "pack"})
"""Steps after which nothing heavy comes back in: their weight can be held against what went in."""


def question(batch: Batch, out_g: int, *, field: str, is_confirmed: bool) -> None:
    """Raise `FieldRefused` when `out_g` cannot be, or is unlikely and nobody has confirmed it.

    The range belongs to the product; without one nothing is asked.
    """
    product, went_in = batch.product, sum(row.quantity_g for row in batch.inputs)
    if product is None or not product.yield_range or not went_in:
        return
    bounds = {name: Decimal(str(value)) for name, value in product.yield_range.items()}
    judged = judge_yield(went_in, out_g, YieldRange(**bounds))
    values = {
        "in_g": went_in,
        "out_g": out_g,
        "usual_from_g": judged.usual_from_g,
        "usual_to_g": judged.usual_to_g,
    }
    if judged.verdict is YieldVerdict.REFUSE:
        raise FieldRefused(field, "mass_balance_implausible", **values)
    if judged.verdict is YieldVerdict.ASK and not is_confirmed:
        raise FieldRefused(field, "yield_unusual", **values)
