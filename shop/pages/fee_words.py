"""What delivery costs, in words: one fee, the least of several, a table row by row."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from shop import delivery_fees, formats
from shop.delivery_fees import Price, Table
from shop.locales import current_locale


def money(amount_vnd: int) -> str:
    """Return an amount in đồng in the language of the page."""
    return formats.money(amount_vnd, current_locale())


def of_price(price: Price) -> str:
    """Return a fee; one that another place may raise is said to begin there."""
    said = money(price.fee_vnd)
    return str(_("từ %(amount)s", amount=said)) if price.is_least else said


def between(lowest_vnd: int, highest_vnd: int) -> str:
    """Return one fee, or from which to which."""
    if lowest_vnd == highest_vnd:
        return money(lowest_vnd)
    return str(_("từ %(low)s đến %(high)s", low=money(lowest_vnd), high=money(highest_vnd)))


def of_way(fee_vnd: int, table: Table | None) -> str:
    """Return the fee of a way of delivery; of one with a table the range that stands in it."""
    if not table:
        return money(fee_vnd)
    further_vnd = delivery_fees.further(table)
    said = between(*delivery_fees.bounds(table))
    if further_vnd is None:
        return said
    more = _("nặng hơn thêm nhiều nhất %(amount)s mỗi kg", amount=money(further_vnd))
    return f"{said}, {more}"


def rows(table: Table) -> list[list[str]]:
    """Return the cells of each row: place, weight, fee, fee for each further kilogram."""
    lang = current_locale()
    return [
        [
            places(row),
            _("đến %(weight)s", weight=formats.weight(row["up_to_g"], lang))
            if row.get("up_to_g")
            else _("nặng mấy cũng được"),
            money(row["fee_vnd"]),
            money(row["further_kg_vnd"]) if row.get("further_kg_vnd") else "",
        ]
        for row in table
    ]


def places(row: Mapping[str, Any]) -> str:
    """Return the places of a row; those of none are all that no other row names."""
    return ", ".join(row["names"]) if row["places"] else str(_("Mọi nơi khác"))


def in_lines(table: Sequence[Mapping[str, Any]] | None) -> str:
    """Return a whole table in one line, as the change history shows it."""
    return " · ".join(" | ".join(filter(None, cells)) for cells in rows(table or ()))
