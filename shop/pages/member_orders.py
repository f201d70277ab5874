"""What a member reads of orders: their own lines alone, and who bought only where that is let."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from shop import formats
from shop.clock import day_of
from shop.locales import current_locale
from shop.models.catalog import Seller
from shop.pages import order_words
from shop.pages.unit_words import counted
from shop.presentation import order_code

MEMBERS_SEE_BUYERS = "members_see_buyers"
"""The setting of a seller that lets members see who bought; off unless the seller says so."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of an order."""

    title: str
    facts: str
    state: str
    buyer: str


def rows(lines: Iterable[Any], seller: Seller) -> list[Row]:
    """Return the lines in words."""
    shows_buyers = bool(seller.settings.get(MEMBERS_SEE_BUYERS))
    return [_row(line, shows_buyers=shows_buyers) for line in lines]


def _row(line: Any, *, shows_buyers: bool) -> Row:
    lang = current_locale()
    facts = [
        counted(line.quantity, line.unit),
        formats.money(line.unit_price_vnd, lang),
        formats.day(day_of(line.placed_at), lang),
        order_code(line.code),
    ]
    return Row(
        title=line.title,
        facts=" · ".join(facts),
        state=str(order_words.STATES[line.state]),
        buyer=line.buyer_name if shows_buyers else "",
    )
