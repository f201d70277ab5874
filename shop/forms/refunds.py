"""What the office types about money that goes back: how much, why, in which way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shop.forms.base import Fields
from shop.forms.money import read_amount
from shop.forms.office_orders import read_reason, read_words
from shop.models.payments import RefundWay

WHOLE, PART = "whole", "part"
"""What goes back: all there is, or an amount typed; a line of the order by its number."""

HIGHEST_LIMIT_VND = 100_000_000

NAMES = {
    "scope": _l("hoàn bao nhiêu"),
    "amount": _l("số tiền"),
    "reason": _l("lý do"),
    "words": _l("lý do ghi rõ"),
    "way": _l("cách hoàn"),
    "limit": _l("mức cần hai người"),
    "reference": _l("mã giao dịch"),
}
"""What the summary of faults calls each field."""


@dataclass(frozen=True, slots=True)
class RefundDraft:
    """Money that somebody wants to give back."""

    amount_vnd: int
    reason: str
    way: RefundWay


def read_refund(
    fields: Fields, *, amounts: Mapping[str, int], reasons: Iterable[str]
) -> RefundDraft | None:
    """Return what goes back; `amounts` gives the đồng of each scope, the whole among them.

    `None` with faults beside their fields.
    """
    scope = fields.typed("scope")
    amount = amounts.get(scope)
    if scope == PART:
        amount = fields.read("amount", read_amount)
        if amount is not None and amount > amounts[WHOLE]:
            fields.refuse("amount", _("Nhiều hơn số còn hoàn được."))
    elif amount is None:
        fields.refuse("scope", _("Chọn hoàn bao nhiêu."))
    reason = read_reason(fields, reasons)
    way = read_way(fields)
    if amount is None or reason is None or way is None or fields.faults:
        return None
    return RefundDraft(amount, reason, way)


def read_way(fields: Fields) -> RefundWay | None:
    """Return the way that was chosen."""
    chosen = fields.typed("way")
    if chosen not in {RefundWay.PROVIDER.value, RefundWay.HAND.value}:
        fields.refuse("way", _("Chọn một cách hoàn."))
        return None
    return RefundWay(chosen)


def read_limit(fields: Fields) -> int | None:
    """Return from which amount on two persons are needed; 0 means always."""
    return fields.read("limit", read_amount, minimum=0, maximum=HIGHEST_LIMIT_VND)


def read_why_not(fields: Fields) -> str | None:
    """Return why somebody says no."""
    return read_words(fields, "words")
