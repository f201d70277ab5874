"""An invoice in the words of its buyer: whether one is wanted, for whom, under which number."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from shop import formats
from shop.forms.invoices import KINDS, NONE
from shop.forms.product import TAX_CLASSES
from shop.locales import current_locale
from shop.models.orders import Order
from shop.queries import invoices as queries
from shop.services import invoices


def kind_choices(*, with_none: bool) -> list[dict[str, Any]]:
    """Return as what somebody can buy; `with_none` the way out of wanting an invoice."""
    found: list[dict[str, Any]] = [
        {"value": kind.value, "title": words} for kind, words in KINDS.items()
    ]
    if with_none:
        found.append({"value": NONE, "title": _("Không lấy hóa đơn")})
    return found


def for_buyer(session: Session, order: Order, *, today: date) -> dict[str, Any] | None:
    """Return what the page of an order says of its invoice; `None` where there is nothing to say.

    Who was forgotten is not named.
    """
    known = queries.request_of(session, order.id)
    is_asked = known is not None and known.given_up_at is None
    made_out = queries.made_out(session, order.id) if known is not None else ()
    is_forgotten = not order.buyer_phone or order.forget_from is not None
    may_ask = not made_out and not is_forgotten and invoices.may_ask(order, today=today)
    if not (is_asked or made_out or may_ask):
        return None
    return {
        "number": made_out[-1].number if made_out else "",
        "issued_on": made_out[-1].issued_on if made_out else None,
        "is_asked": is_asked,
        "name": known.name if known is not None and not is_forgotten else "",
        "may_ask": may_ask,
        "until": invoices.last_day_to_ask(order),
    }


def rate(basis_points: int | None) -> str:
    """Return a tax rate in words: nothing on it, or so many per cent."""
    if basis_points is None:
        return str(_("không chịu thuế"))
    return f"{formats.decimal(basis_points, 100, current_locale())}\u00a0%"


def tax_class(name: str) -> str:
    """Return what a tax class is called; the fee of an order from before has none."""
    return str(TAX_CLASSES[name]) if name in TAX_CLASSES else str(_("chưa xếp loại thuế"))
