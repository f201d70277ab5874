"""The list of goods: what its address asks for, and what its filters and pages lead to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from shop.forms.ids import read_id
from shop.forms.lots import code_key
from shop.pages.batch_codes import address_of
from shop.queries import batch_codes, batch_page, catalog_list
from shop.queries.catalog_list import SORTS, Wanted
from shop.search.collation import collation_key
from shop.search.folding import fold
from shop.services.addresses import short_name
from shop.services.orders import is_order_code, read_order_code
from traceability import gtin as gtins

ON_PAGE = 24
LONGEST_QUESTION = 80


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of a list page says."""

    q: str
    kind: str
    seller: str
    province: str
    in_stock: bool
    sort: str
    page: int

    @property
    def offset(self) -> int:
        """Return how many goods come before this page."""
        return (self.page - 1) * ON_PAGE

    @property
    def is_narrowed(self) -> bool:
        """Return whether anything but the question narrows the list."""
        return bool(self.kind or self.seller or self.province or self.in_stock)

    def address(self, **changes: Any) -> str:
        """Return the address of the list with `changes`; what is empty stays out of it."""
        values = {
            "q": self.q,
            "loai": self.kind,
            "htx": self.seller,
            "tinh": self.province,
            "con": "1" if self.in_stock else "",
            "xep": "" if self.sort == SORTS[0] else self.sort,
        } | changes
        return url_for(
            "catalog.products", **{key: value for key, value in values.items() if value}
        )


def read(arguments: Mapping[str, str]) -> Asked:
    """Return what the address asks for; what makes no sense is left out."""
    page, sort = read_id(arguments.get("trang", "")), arguments.get("xep", "")
    return Asked(
        q=" ".join(arguments.get("q", "").split())[:LONGEST_QUESTION],
        kind=arguments.get("loai", ""),
        seller=arguments.get("htx", ""),
        province=arguments.get("tinh", ""),
        in_stock=bool(arguments.get("con")),
        sort=sort if sort in SORTS else SORTS[0],
        page=min(page or 1, 10_000),
    )


def wanted(session: Session, asked: Asked, *, demo: bool) -> Wanted:
    """Return `asked` for the query, its words already looked up."""
    ids = None
    if asked.q:
        ids = tuple(find(catalog_list.searched_words(session, demo=demo), asked.q))
    return Wanted(
        demo=demo,
        kind=asked.kind,
        seller=asked.seller,
        province=asked.province,
        in_stock=asked.in_stock,
        sort=asked.sort,
        ids=ids,
    )


def find(goods: Iterable[Any], question: str) -> list[int]:
    """Return the ids of the goods in which each word of `question` begins a word, best first.

    Marks and capitals do not matter; the name as it is written comes before the name without
    marks, and a name before a kind, a seller or a place.
    """
    words, written = fold(question).split(), question.lower()
    ranked = []
    for row in goods:
        name = fold(row.name)
        others = (row.kind, row.brand, row.seller_name, row.short_name, row.commune)
        rest = fold(" ".join([*others, row.province, row.old_address, *row.search_words]))
        if not all(_begins_a_word(word, f"{name} {rest}") for word in words):
            continue
        in_name = all(_begins_a_word(word, name) for word in words)
        rank = (written not in row.name.lower(), not in_name, row.id)
        ranked.append(rank)
    return [product_id for *_, product_id in sorted(ranked)]


def _begins_a_word(word: str, text: str) -> bool:
    return f" {word}" in f" {text}"


def page_of_code(session: Session, question: str) -> str:
    """Return the address of the batch, pack or order whose code was typed; empty if it is none.

    What has the form of an order code leads to the page that asks for the digits of the phone,
    whether there is such an order or not.
    """
    key = code_key(question)
    for found in batch_codes.codes_with_key(session, key)[:1] if key else ():
        return address_of(found)
    if key.isdecimal() and gtins.is_valid(key):
        number = gtins.validate(key)
        if batch_page.gtin_product(session, number) is not None:
            return url_for("batches.by_gtin", gtin=number)
    code = read_order_code(question)
    return url_for("orders.look_up", code=code) if is_order_code(code) else ""


def by_province(counts: Sequence[Any]) -> list[dict[str, Any]]:
    """Return each province with its goods, the one with most first."""
    found = _summed(counts, "province_code", "province")
    regions = [
        {
            "name": short_name(name),
            "goods": goods,
            "url": url_for("catalog.products", tinh=code),
            "code": code,
        }
        for (code, name), goods in found.items()
    ]
    return sorted(regions, key=lambda region: -int(str(region["goods"])))


def listing(asked: Asked, rows: Sequence[Any], counts: Sequence[Any]) -> dict[str, Any]:
    """Return title facts, filters and paging of a list page."""
    total = rows[0].total if rows else 0
    pages = max(1, -(-total // ON_PAGE))
    kinds = sorted(_summed(counts, "kind").items(), key=lambda pair: collation_key(pair[0][0]))
    sellers = _summed(counts, "slug", "short_name")
    return {
        "asked": asked,
        "address": asked.address(trang=asked.page if asked.page > 1 else ""),
        "total": total,
        "page": asked.page,
        "pages": pages,
        "previous_url": asked.address(trang=asked.page - 1 if asked.page > 2 else "")
        if asked.page > 1
        else "",
        "next_url": asked.address(trang=asked.page + 1) if asked.page < pages else "",
        "all_url": asked.address(loai=""),
        "kinds": [
            {"name": kind, "goods": goods, "url": asked.address(loai=kind)}
            for (kind,), goods in kinds
        ],
        "sellers": [(slug, f"{name} ({goods})") for (slug, name), goods in sellers.items()],
        "provinces": [
            (region["code"], f"{region['name']} ({region['goods']})")
            for region in by_province(counts)
        ],
        "without_filters_url": asked.address(loai="", htx="", tinh="", con=""),
    }


def _summed(counts: Sequence[Any], *columns: str) -> dict[tuple[Any, ...], int]:
    def key(row: Any) -> tuple[Any, ...]:
        return tuple(getattr(row, column) for column in columns)

    groups = groupby(sorted(counts, key=key), key)
    return {group: sum(map(attrgetter("goods"), rows)) for group, rows in groups}
