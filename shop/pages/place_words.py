"""Names of places inside a sentence: the word for the unit is ours, the name itself is not."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from shop.locales import current_locale
from shop.services.addresses import in_sentence

UNITS: Mapping[str, Any] = {
    "tỉnh": _l("tỉnh %(name)s"),
    "thành phố": _l("thành phố %(name)s"),
    "quận": _l("quận %(name)s"),
    "huyện": _l("huyện %(name)s"),
    "thị xã": _l("thị xã %(name)s"),
    "thị trấn": _l("thị trấn %(name)s"),
    "xã": _l("xã %(name)s"),
    "phường": _l("phường %(name)s"),
    "đặc khu": _l("đặc khu %(name)s"),
    "thôn": _l("thôn %(name)s"),
    "xóm": _l("xóm %(name)s"),
    "bản": _l("bản %(name)s"),
    "ấp": _l("ấp %(name)s"),
}
"""By the word that a name begins with; the units above the commune ended in July 2025 are here
for old addresses."""


def place(name: str) -> str:
    """Return a place as inside a sentence: `xã La Bằng`, in English `La Bằng commune`.

    What stands in brackets behind a name stays there, as it was typed.
    """
    head, bracket, note = name.partition(" (")
    for unit, words in UNITS.items():
        if head.lower().startswith(f"{unit} "):
            return str(words) % {"name": head[len(unit) + 1 :]} + bracket + note
    return in_sentence(name) if current_locale() == "vi" else name


def place_first(name: str) -> str:
    """Return a place, or several with commas, as at the beginning of a line."""
    said = places(name)
    return said[:1].upper() + said[1:]


def places(address: str) -> str:
    """Return an address of several parts, each as by `place`."""
    return ", ".join(place(part) for part in address.split(", "))


def declared(address: str) -> str:
    """Return an address as a declaration to the state has it: in Vietnamese as registered."""
    return address if current_locale() == "vi" else places(address)
