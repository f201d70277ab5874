"""What the address of a list of goods asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from shop.forms.base import Fields
from shop.forms.ids import read_id
from shop.forms.money import read_price, with_thousand
from shop.pages import own_words
from shop.queries import catalog_facets
from shop.queries.catalog_wanted import SORTS
from shop.services.addresses import short_name

ON_PAGE = 24
LONGEST_QUESTION = 80
LEAST_PRICE_VND = 1_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of a list page says; prices in đồng, nothing where none was asked for.

    `place` is the code of a province (2 digits) or of a commune (5). `fields` has the prices as
    they were typed, and what is wrong with them.
    """

    q: str
    kind: str
    seller: str
    place: str
    stars: int
    price_from: int
    price_to: int
    in_stock: bool
    sort: str
    page: int
    exactly: bool = False
    """Whether nothing is to be read instead of the question."""
    place_words: str = ""
    """What the place is called, also where nothing of it is sold."""
    fields: Fields = field(default_factory=lambda: Fields({}), compare=False)

    @property
    def offset(self) -> int:
        """Return how many goods come before this page."""
        return (self.page - 1) * ON_PAGE

    @property
    def is_narrowed(self) -> bool:
        """Return whether anything but the question narrows the list."""
        chosen = (self.kind, self.seller, self.place, self.stars, self.price_from, self.price_to)
        return any(chosen) or self.in_stock

    @property
    def number_of_filters(self) -> int:
        """Return how many conditions the filters set; the kind has links of its own."""
        price = bool(self.price_from or self.price_to)
        return sum(map(bool, (self.seller, self.place, self.stars, price, self.in_stock)))

    def address(self, endpoint: str = "catalog.products", **changes: Any) -> str:
        """Return the address of the list with `changes`; what is empty stays out of it."""
        values: dict[str, Any] = {
            "q": self.q,
            "loai": self.kind,
            "htx": self.seller,
            "noi": self.place,
            "sao": self.stars,
            "tu": self.price_from,
            "den": self.price_to,
            "con": "1" if self.in_stock else "",
            "dung": "1" if self.exactly else "",
            "xep": "" if self.sort == SORTS[0] else self.sort,
        } | changes
        return url_for(endpoint, **{key: value for key, value in values.items() if value})

    def address_without_filters(self) -> str:
        """Return the address of the list with the question alone."""
        return self.address(loai="", htx="", noi="", sao="", tu="", den="", con="")


def read(arguments: Mapping[str, str]) -> Asked:
    """Return what the address asks for; what makes no sense is left out.

    Of prices that cannot be read `fields` tells what to do.
    """
    page, sort = read_id(arguments.get("trang", "")), arguments.get("xep", "")
    stars = arguments.get("sao", "")
    fields = Fields(arguments)
    prices = [_price(fields, name) for name in ("tu", "den")]
    low, high = sorted(prices) if all(prices) else prices
    return Asked(
        q=" ".join(arguments.get("q", "").split())[:LONGEST_QUESTION],
        kind=arguments.get("loai", ""),
        seller=arguments.get("htx", ""),
        place=arguments.get("noi", "") or arguments.get("tinh", ""),
        stars=int(stars) if stars in {"3", "4", "5"} else 0,
        price_from=low,
        price_to=high,
        in_stock=bool(arguments.get("con")),
        sort=sort if sort in SORTS else SORTS[0],
        page=min(page or 1, 10_000),
        exactly=bool(arguments.get("dung")),
        fields=fields,
    )


def known(session: Session, asked: Asked) -> Asked:
    """Return `asked` without a kind, seller or place that does not exist."""
    kind, seller, place = asked.kind, asked.seller, asked.place
    if kind and kind not in own_words.KINDS and not catalog_facets.is_kind(session, kind):
        kind = ""
    if seller and not catalog_facets.is_seller(session, seller):
        seller = ""
    found = catalog_facets.place(session, place) if place else None
    return replace(
        asked, kind=kind, seller=seller, place=place if found else "",
        place_words=_place_words(*found) if found else "",
    )  # fmt: skip


def _place_words(commune: str, province: str) -> str:
    name = short_name(province)
    return f"{commune}, {name}" if commune else name


def _price(fields: Fields, name: str) -> int:
    """Return the price in a field, `50` as 50.000 ₫; nothing where none is, or none readable."""
    if fields.typed(name).strip() in {"", "0"}:
        return 0
    read_one = fields.read(
        name, lambda text: with_thousand(lambda: read_price(text, minimum=LEAST_PRICE_VND))
    )
    return read_one or 0
