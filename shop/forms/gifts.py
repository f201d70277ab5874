"""Sending goods as a gift, as a buyer asks for it."""

from dataclasses import dataclass

from shop.forms.base import Fields
from shop.forms.text import read_text

LONGEST_CARD = 300


@dataclass(frozen=True, slots=True)
class Gift:
    """The words of the card, in lines, and whether paper in the parcel says no prices."""

    card: str = ""
    hides_prices: bool = False


def read_gift(fields: Fields) -> Gift:
    """Return what is asked for; a fault stays beside its field."""
    card = fields.read("gift_card", read_text, longest=LONGEST_CARD)
    return Gift(card or "", bool(fields.typed("hides_prices")))
