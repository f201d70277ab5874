"""What a VietQR code says, and the numbers under which the format says it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

__all__ = ["FAST_TRANSFER_LIMIT_VND", "Point", "Service", "VietQR"]

GUID = "A000000727"
"""The scheme of transfers to an account or a card, in object 38.00."""

FAST_TRANSFER_LIMIT_VND = 500_000_000
"""The fast-transfer service carries amounts below this one only."""


class Point(StrEnum):
    """Point of initiation, object 01: may the code be paid to again?"""

    STATIC = "11"
    DYNAMIC = "12"


class Service(StrEnum):
    """What `account` is the number of."""

    ACCOUNT = "account"
    CARD = "card"


SERVICE_CODES = {Service.ACCOUNT: "QRIBFTTA", Service.CARD: "QRIBFTTC"}


class Place(NamedTuple):
    """Where a text stands in a code, and the most characters it may have there."""

    path: str
    longest: int


TEXTS = {
    "name": Place("59", 25),
    "city": Place("60", 15),
    "postal": Place("61", 10),
    "bill_number": Place("62.01", 25),
    "mobile": Place("62.02", 25),
    "store": Place("62.03", 25),
    "loyalty": Place("62.04", 25),
    "reference": Place("62.05", 25),
    "customer": Place("62.06", 25),
    "terminal": Place("62.07", 25),
    "memo": Place("62.08", 25),
}


@dataclass(frozen=True, slots=True)
class VietQR:
    """What one code says; a value the code does not give is `None`.

    `bin` is the bank's number, `account` an account number, card number or alias there, and
    `service` says which, when the code does. `amount_vnd` is in whole đồng. `others` keeps, as
    (path, value) in their order, the objects that this library has no name for.
    """

    bin: str
    account: str
    service: Service | None
    point: Point
    amount_vnd: int | None = None
    memo: str | None = None
    reference: str | None = None
    bill_number: str | None = None
    mobile: str | None = None
    store: str | None = None
    loyalty: str | None = None
    customer: str | None = None
    terminal: str | None = None
    name: str | None = None
    city: str | None = None
    postal: str | None = None
    mcc: str | None = None
    others: tuple[tuple[str, str], ...] = ()

    @property
    def exceeds_fast_transfer(self) -> bool:
        """Is the amount more than one fast transfer can carry, so that bank apps refuse it?"""
        return self.amount_vnd is not None and self.amount_vnd >= FAST_TRANSFER_LIMIT_VND
