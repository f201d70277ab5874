"""Allergens in the language of the page, also those that were typed with a note in brackets."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from shop.forms.product import ALLERGENS
from shop.locales import current_locale

OTHER_NAMES = {"lạc": "đậu phộng", "vừng": "mè"}
"""What the north calls an allergen of the list."""

NOTES: Mapping[str, Any] = {
    "nước mắm": _l("nước mắm"),
    "tôm": _l("tôm"),
    "cua": _l("cua"),
    "mực": _l("mực"),
    "mạch nha": _l("mạch nha"),
    "có thể": _l("có thể"),
}
"""What stands in brackets behind an allergen, as far as it is ours to translate."""


def allergen(name: str) -> str:
    """Return an allergen as the page says it; a word that somebody typed and we do not know stays.

    In Vietnamese what was typed is said as it was.
    """
    if name in ALLERGENS:
        return str(ALLERGENS[name])
    word, bracket, note = name.partition(" (")
    known = ALLERGENS.get(OTHER_NAMES.get(word, word))
    if known is None or current_locale() == "vi":
        return name
    said = str(known).partition(" (")[0]
    notes = [str(NOTES.get(one, one)) for one in note.removesuffix(")").split(", ")]
    if not bracket or OTHER_NAMES.get(word) == note.removesuffix(")") or note == f"{word})":
        return said
    return f"{said} ({', '.join(notes)})"
