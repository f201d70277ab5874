"""Lot codes as people type them, made fit for labels and links."""

import re

from shop.forms.characters import without_invisible
from shop.forms.values import ValueRefused
from shop.search.folding import fold, to_ascii

LONGEST_LOT = 20  # GS1 AI 10

_NEVER_IN_LOTS = re.compile(r"[<>{}\[\]\\^`$=;!?@\"]")


def read_lot(text: str) -> str:
    """Return the lot code in `text` in capitals, digits and single dashes.

    ` lô chè 15 / 10 ` becomes `LO-CHE-15-10`. For codes that people make up here; lots made
    elsewhere are kept as they are. Raises `ValueRefused`: `lot_empty`, `lot_too_long`,
    `lot_not_one` for signs that no code has, as in `<b>`, `lot_has_other_letters` for letters
    that have no Latin twin.
    """
    seen = without_invisible(text)
    if _NEVER_IN_LOTS.search(seen):
        raise ValueRefused("lot_not_one")
    if any(character.isalnum() and not character.isascii() for character in fold(seen)):
        raise ValueRefused("lot_has_other_letters")
    lot = re.sub(r"[^A-Z0-9]+", "-", to_ascii(seen).upper()).strip("-")
    if not lot:
        raise ValueRefused("lot_empty")
    if len(lot) > LONGEST_LOT:
        raise ValueRefused("lot_too_long", longest=LONGEST_LOT, surplus=len(lot) - LONGEST_LOT)
    return lot


def code_key(text: str) -> str:
    """Return `text` for comparing lot and order codes: capitals and digits alone.

    >>> code_key("lbt-261015 01") == code_key("LBT26101501")
    True
    """
    return re.sub(r"[^A-Z0-9]", "", to_ascii(without_invisible(text)).upper())
