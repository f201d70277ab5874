"""What a doubtful value may mean, to be accepted by one tap in place of typing it again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from shop import formats
from shop.forms.values import ValueRefused
from shop.locales import current_locale

LEAST_OFFERED_VND = 1000
SURE = "sure"
"""The field that says that a value which seems wrong is right."""

SURE_APART = "; "
"""What stands between two such values."""

_LONGEST_SHOWN = 60
_OF: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("price_ambiguous", "amount_ambiguous"), ("high_vnd", "low_vnd")),
    "price_range": ("low_vnd", "high_vnd"),
    "pack_each_or_all": ("each", "all"),
    **dict.fromkeys(("weight_each_or_all", "weight_of_either"), ("high_g", "low_g")),
    "weight_range": ("low_g", "high_g"),
    "weight_of_packs": ("first_g", "second_g", "third_g"),
}
"""By code the values that are offered; of all other codes those that are called `proposed`."""
_PROPOSED = ("proposed_vnd", "proposed_g", "proposed_on", "proposed_phone", "proposed")
_TWO_WAYS = frozenset(("pack_heavy", "pack_cheap", "price_dear"))
"""Where the value itself may be right too."""
_NOT_OFFERED = frozenset(("amount_too_low", "date_is_serial", "date_unsure"))
_WRITTEN: Mapping[str, tuple[Callable[[Any], str], Callable[[Any, str], str]]] = {
    "vnd": (formats.number, formats.money),
    "g": (formats.weight, formats.weight),
    "on": (formats.day, formats.day),
    "phone": (formats.phone, lambda number, _lang: formats.phone(number)),
}
"""How a value is written into its field, and how a button says it."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What one tap puts in a field: its `value`, and the `words` of the button.

    `field` is another field that is filled instead: the one that says that the value is right.
    """

    value: str
    words: str
    field: str = ""


def offers_of(refused: ValueRefused) -> tuple[Offer, ...]:
    """Return what may be meant by a value that was refused; nothing where nobody can tell."""
    if refused.code in _NOT_OFFERED:
        return ()
    named = [name for name in _OF.get(refused.code, _PROPOSED) if refused.values.get(name)]
    meant = [(name, refused.values[name]) for name in named]
    meant = [(name, value) for name, value in meant if not _is_slip(name, value)]
    is_only = len(meant) == 1 and refused.code not in _TWO_WAYS
    said = [_offer(name, value, is_only=is_only) for name, value in meant]
    if refused.code in _TWO_WAYS:
        label = str(refused.values["said"])
        sure = _("Đúng là %(what)s", what=label)
        kept = (str(refused.values.get("sure_of", "")), label.replace("\u00a0", " "))
        said.append(Offer(SURE_APART.join(filter(None, kept)), sure, SURE))
    return tuple(said)


def _is_slip(name: str, value: object) -> bool:
    return name.endswith("_vnd") and isinstance(value, int) and value < LEAST_OFFERED_VND


def _offer(name: str, value: object, *, is_only: bool) -> Offer:
    kind = name.rpartition("_")[2]
    if kind in _WRITTEN:
        written, shown = _WRITTEN[kind]
        text, words = written(value).replace("\u00a0", " "), shown(value, current_locale())
    else:
        text = str(value).replace("\u00a0", " ")
        words = text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"
    return Offer(
        text, _("Đúng, %(what)s", what=words) if is_only else _("Là %(what)s", what=words)
    )
