"""How the change history writes values: money, weights, days and moments as people read them."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from shop import formats
from shop.locales import current_locale
from shop.pages import (
    allergen_words,
    attempt_words,
    audit_acts,
    fee_words,
    office_messages,
    order_words,
    place_words,
    step_words,
    unit_words,
)
from shop.services import provider_payments
from shop.services.sellers import MAIN_PLACE, RETURNS_PLACE

Shown = Callable[[Any], str]


def text(value: Any) -> str:
    """Return a value of no special kind: yes or no, a number, words, or several of them."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(_("có")) if value else str(_("không"))
    if isinstance(value, int):
        return formats.number(value, current_locale())
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {text(inner)}" for name, inner in value.items())
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(text(inner) for inner in value)
    return str(value)


def texts(value: Any) -> str:
    """Return what stands under names that are ours and say nothing to people."""
    return " · ".join(map(text, value.values())) if isinstance(value, Mapping) else text(value)


def in_unit(write: Callable[[int, str], str]) -> Shown:
    """Return how a whole number of a unit is shown; what is no number stays as it is."""
    return lambda value: write(value, current_locale()) if _is_count(value) else text(value)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


money, grams, square_metres = (
    in_unit(write) for write in (formats.money, formats.weight, formats.area)
)
degrees = in_unit(lambda value, lang: f"{formats.number(value, lang)}\u00a0°C")
days = in_unit(lambda value, _lang: str(ngettext("%(num)s ngày", "%(num)s ngày", value)))


def plain(value: Any) -> str:
    """Return a number that is not grouped: a year, the number of something in the books."""
    return "" if value is None else str(value)


def day(value: Any) -> str:
    """Return a day, or a moment where it is one, from what ISO 8601 calls it.

    What is neither is shown as it is stored: a history that cannot be read tells nothing.
    """
    if not isinstance(value, str) or not value:
        return text(value)
    lang = current_locale()
    try:
        if "T" in value:
            return formats.moment(datetime.fromisoformat(value), lang)
        return formats.day(date.fromisoformat(value), lang)
    except ValueError:
        return value


def end(value: Any) -> str:
    """Return until when something holds; nothing said is without an end."""
    return day(value) or str(_("không có hạn"))


def phone(value: Any) -> str:
    """Return a phone number as it is read out."""
    return formats.phone(value) if isinstance(value, str) and value else text(value)


def one_of(choices: Mapping[str, Any]) -> Shown:
    """Return how a code of `choices` is shown; another text stays as it is."""
    return lambda value: (
        str(choices[value]) if isinstance(value, str) and value in choices else text(value)
    )


def all_of(choices: Mapping[str, Any]) -> Shown:
    """Return how several codes of `choices` are shown."""
    write = one_of(choices)
    return lambda value: (
        ", ".join(write(one) for one in value) if isinstance(value, list) else text(value)
    )


def by_name(write: Shown) -> Shown:
    """Return how values under names of their own are shown: each pack with its price."""
    return lambda value: (
        ", ".join(f"{name}: {write(inner)}" for name, inner in value.items())
        if isinstance(value, Mapping)
        else text(value)
    )


def net(value: Any) -> str:
    """Return the net content of a pack, stored as a number and its unit."""
    match value:
        case [int() as quantity, str() as unit]:
            return formats.net(quantity, unit, current_locale())
        case _:
            return text(value)


def reason(value: Any) -> str:
    """Return a reason: the words of a code, or what a person typed."""
    return order_words.reason(value) if isinstance(value, str) else text(value)


def act(value: Any) -> str:
    """Return the words of an act."""
    return audit_acts.act(str(value))


def step(value: Any) -> str:
    """Return what a step of the work is called."""
    return step_words.step(value) if isinstance(value, str) else text(value)


def allergens(value: Any) -> str:
    """Return the allergens of a list."""
    if not isinstance(value, list):
        return text(value)
    return ", ".join(allergen_words.allergen(str(one)) for one in value)


def container(value: Any) -> str:
    """Return what goods are packed in."""
    return unit_words.container(value) if isinstance(value, str) else text(value)


def provider(value: Any) -> str:
    """Return what people call a payment provider."""
    return provider_payments.title(value) if isinstance(value, str) else text(value)


def error(value: Any) -> str:
    """Return why a message could not be sent, in words."""
    return office_messages.why(value) if isinstance(value, str) and value else ""


def told(value: Any) -> str:
    """Return what a provider's table says, on a page in its language."""
    return attempt_words.in_own_language(value) if isinstance(value, str) else text(value)


def file(value: Any) -> str:
    """Return the first letters of the key of a stored file."""
    return value[:8] if isinstance(value, str) else text(value)


def place(value: Any) -> str:
    """Return a commune or a province."""
    return place_words.place_first(value) if isinstance(value, str) and value else text(value)


def store(value: Any) -> str:
    """Return where goods stand; the two places that every seller begins with are ours to name."""
    ours = {MAIN_PLACE: _("Kho"), RETURNS_PLACE: _("Chỗ để hàng trả")}
    return str(ours.get(value, value)) if isinstance(value, str) else text(value)


def packs(value: Any) -> str:
    """Return how many packs."""
    return unit_words.counted(value, "gói") if _is_count(value) else text(value)


def provinces(value: Any) -> str:
    """Return where a way of delivery reaches: all of the country where no province is named."""
    return str(_("cả nước")) if value is None else text(value)


def fee_rows(value: Any) -> str:
    """Return a table of delivery fees, row by row; what is none stays as it is stored."""
    is_table = isinstance(value, list) and all(
        isinstance(row, dict) and {"places", "names", "fee_vnd"} <= row.keys() for row in value
    )
    return fee_words.in_lines(value) if is_table else text(value)


def label_prices(value: Any) -> str:
    """Return packs with their prices, stored as pairs of what is on the label and đồng."""
    if not isinstance(value, list) or not all(_is_pair(one) for one in value):
        return text(value)
    return ", ".join(f"{label}: {money(price_vnd)}" for label, price_vnd in value)


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2
