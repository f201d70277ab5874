"""Who carries goods: the seller itself, the buyer who fetches them, or a parcel carrier.

Each is made from a way of delivery by `carrier_of` and answers the same few questions.
"""

import re
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

from shop import delivery_fees
from shop.delivery_fees import Price, Shipment, Table
from shop.models.orders import DeliveryKind

CODE = "{code}"
"""Where the code of a parcel goes in the address of a carrier's tracking page."""

LONGEST_CODE = 40
_CODE = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*", re.ASCII)
_ADDRESS = re.compile(r"[!-~]{1,300}", re.ASCII)


class Way(Protocol):
    """What a carrier is made from: a way of delivery, or its columns."""

    @property
    def kind(self) -> DeliveryKind:
        """Return how the goods go."""

    @property
    def name(self) -> str:
        """Return what buyers read."""

    @property
    def fee_vnd(self) -> int:
        """Return the fee in đồng, the lowest where there is a table."""

    @property
    def fee_table(self) -> list[dict[str, Any]] | None:
        """Return the rows of place and weight, if the fee depends on them."""


class Carrier(Protocol):
    """Whoever brings goods from the seller to the buyer."""

    @property
    def kind(self) -> DeliveryKind:
        """Return which kind of carrier this is."""

    @property
    def name(self) -> str:
        """Return what people call it."""

    @property
    def tracking_template(self) -> str:
        """Return the address of its tracking page with `{code}` in it; empty without one."""

    def price(self, shipment: Shipment) -> Price:
        """Return what it takes for a shipment, or why it does not take it."""


@dataclass(frozen=True, slots=True)
class PickUp:
    """The buyer comes to the cooperative: neither place nor weight matters."""

    name: str
    fee_vnd: int
    kind: DeliveryKind = DeliveryKind.PICKUP
    tracking_template: str = ""

    def price(self, shipment: Shipment) -> Price:
        """Return the fee, if there is one at all."""
        return Price(self.fee_vnd)


@dataclass(frozen=True, slots=True)
class OwnDelivery:
    """The seller's own people: one fee, or a table of places and weights."""

    name: str
    fee_vnd: int
    table: Table = ()
    kind: DeliveryKind = DeliveryKind.OWN
    tracking_template: str = ""

    def price(self, shipment: Shipment) -> Price:
        """Return the fee for a shipment."""
        return _price(self.fee_vnd, self.table, shipment)


@dataclass(frozen=True, slots=True)
class ParcelCarrier:
    """A post or courier of which the office entered fees and tracking page."""

    name: str
    fee_vnd: int
    table: Table = ()
    tracking_template: str = ""
    kind: DeliveryKind = DeliveryKind.PARCEL

    def price(self, shipment: Shipment) -> Price:
        """Return the fee for a shipment."""
        return _price(self.fee_vnd, self.table, shipment)


def carrier_of(way: Way) -> Carrier:
    """Return the carrier behind a way of delivery."""
    table = way.fee_table or ()
    if way.kind is DeliveryKind.PICKUP:
        return PickUp(way.name, way.fee_vnd)
    if way.kind is DeliveryKind.OWN:
        return OwnDelivery(way.name, way.fee_vnd, table)
    named = getattr(way, "carrier", "") or way.name
    return ParcelCarrier(named, way.fee_vnd, table, getattr(way, "tracking_template", ""))


def _price(fee_vnd: int, table: Table, shipment: Shipment) -> Price:
    return delivery_fees.price(table, shipment) if table else Price(fee_vnd)


def least_price(way: Way, weight_g: int) -> Price:
    """Return the lowest fee of a way for `weight_g` grams, while the place is not known."""
    if way.fee_table:
        return delivery_fees.least(way.fee_table, weight_g)
    return Price(way.fee_vnd)


def is_tracking_code(text: str) -> bool:
    """Return whether `text` can be the code of a parcel.

    >>> is_tracking_code("EB123456789VN"), is_tracking_code("a b"), is_tracking_code("../x?y=1")
    (True, False, False)
    """
    return len(text) <= LONGEST_CODE and _CODE.fullmatch(text) is not None


def is_tracking_template(text: str) -> bool:
    """Return whether `text` is an https address that holds `{code}` once, behind its host.

    >>> is_tracking_template("https://post.example/track?id={code}")
    True
    >>> is_tracking_template("https://{code}.example/"), is_tracking_template("http://a.vn/{code}")
    (False, False)
    """
    if not _ADDRESS.fullmatch(text) or text.count(CODE) != 1:
        return False
    rest = text.replace(CODE, "")
    if set(rest) & set("{}<>\"'\\`"):
        return False
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return False
    is_named = re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", host, re.ASCII) is not None
    return parts.scheme == "https" and is_named and "@" not in parts.netloc


def tracking_address(template: str, code: str) -> str:
    """Return where a parcel can be followed; empty without a template or a code.

    >>> tracking_address("https://post.example/{code}", "EB1")
    'https://post.example/EB1'
    """
    return template.replace(CODE, quote(code, safe="")) if template and code else ""
