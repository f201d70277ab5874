"""Whether so much can come out of so much: a question to the person who weighed (R35)."""

from decimal import Decimal

from shop.errors import FieldRefused
from shop.models.batches import Batch
from traceability.mass_balance import Yield, YieldRange, YieldVerdict, judge_yield

FINISHING = frozenset({"dry", "scent", "sort", "mill", "pack"})
"""Steps after which nothing heavy comes back in: their weight can be held against what went in."""


def judge(batch: Batch, out_g: int) -> Yield | None:
    """Return what to think of `out_g` coming out of what went into `batch`.

    The range belongs to the product; without one, or with nothing in yet, there is no verdict.
    What earlier steps put aside as by-product, such as the common leaf when buds are picked out,
    did not go in.
    """
    product, went_in = batch.product, _went_in(batch)
    if product is None or not product.yield_range or went_in <= 0:
        return None
    bounds = {name: Decimal(str(value)) for name, value in product.yield_range.items()}
    return judge_yield(went_in, out_g, YieldRange(**bounds))


def question(batch: Batch, out_g: int, *, field: str, is_confirmed: bool) -> None:
    """Raise `FieldRefused` when `out_g` cannot be, or is unlikely and nobody has confirmed it."""
    judged = judge(batch, out_g)
    if judged is None:
        return
    values = {
        "goods": _goods(batch),
        "in_g": _went_in(batch),
        "out_g": out_g,
        "usual_from_g": judged.usual_from_g,
        "usual_to_g": judged.usual_to_g,
    }
    if judged.verdict is YieldVerdict.REFUSE:
        raise FieldRefused(field, "mass_balance_implausible", **values)
    if judged.verdict is YieldVerdict.ASK and not is_confirmed:
        raise FieldRefused(field, "yield_unusual", **values)


def _went_in(batch: Batch) -> int:
    put_aside = sum(step.by_product_g for step in batch.steps)
    return sum(row.quantity_g for row in batch.inputs) - put_aside


def _goods(batch: Batch) -> str:
    """Return what most of the batch was made from, as its delivery calls it."""
    heaviest = max(batch.inputs, key=lambda row: row.quantity_g)
    return heaviest.name[:1].lower() + heaviest.name[1:]
