"""Weights said as people say them, shown back once before they are written down (R10)."""

import re
from collections.abc import Mapping

from shop.forms.base import Fields
from shop.forms.characters import plain
from shop.forms.spoken_weights import read_spoken_weight

ECHO = "read-"
"""What the name of the hidden field begins with that carries the grams shown back."""

_OBVIOUS = re.compile(r"\d{1,6}(,\d{1,3})? ?(kg|g)?")


class Scales:
    """Reads the weights of one form; those said in other words than `12,5 kg` are asked back."""

    def __init__(self, fields: Fields, typed: Mapping[str, str]) -> None:
        self._fields, self._typed = fields, typed
        self.to_confirm: dict[str, int] = {}

    def read(self, name: str, *, minimum: int = 1, required: bool = True) -> int | None:
        """Return the grams in a field, kilograms unless it says else; empty is 0 if allowed."""
        text = self._fields.typed(name)
        if not required and not text.strip():
            return 0
        grams = self._fields.read(name, read_spoken_weight, unit="kg", minimum=minimum)
        was_shown = self._typed.get(ECHO + name) == str(grams)
        if grams is not None and not is_obvious(text) and not was_shown:
            self.to_confirm[name] = grams
        return grams


def is_obvious(text: str) -> bool:
    """Return whether a weight was typed so that nobody can read it in two ways.

    >>> is_obvious("12,5 kg"), is_obvious("28"), is_obvious("2 yến"), is_obvious("12kg5")
    (True, True, False, False)
    """
    return _OBVIOUS.fullmatch(plain(text)) is not None
