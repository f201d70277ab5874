"""The list of goods: what is wanted by its address, and what its pages lead to."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from shop.pages.goods_asked import ON_PAGE, Asked
from shop.pages.goods_filters import button_words, choices, conditions, left, number, way_back
from shop.pages.goods_search import Searched
from shop.queries.catalog_wanted import Wanted
from shop.services.addresses import short_name


def wanted(asked: Asked, searched: Searched, *, demo: bool) -> Wanted:
    """Return `asked` for the query, with what its question found."""
    return Wanted(
        demo=demo,
        kind=asked.kind,
        seller=asked.seller,
        province=asked.place if len(asked.place) < 5 else "",
        commune=asked.place if len(asked.place) >= 5 else "",
        stars=asked.stars,
        price_from=asked.price_from,
        price_to=asked.price_to,
        in_stock=asked.in_stock,
        sort=asked.sort,
        ids=searched.ids(asked),
        tiers=searched.tiers(),
    )


def by_province(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Return each province with its goods, the one with most first."""
    provinces = {row.province_code: row.province for row in rows}
    regions = [
        {
            "name": short_name(name),
            "goods": number(row for row in rows if row.province_code == code),
            "url": url_for("catalog.products", noi=code),
        }
        for code, name in provinces.items()
    ]
    return sorted(regions, key=lambda region: -int(str(region["goods"])))


def listing(asked: Asked, searched: Searched, counts: Sequence[Any]) -> dict[str, Any]:
    """Return title facts, filters and paging of a list page."""
    total = number(left(counts, asked))
    pages = max(1, -(-total // ON_PAGE))
    found = conditions(asked, counts)
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
        "filters_url": asked.address("catalog.filters"),
        "conditions": found,
        "way_back": way_back(found),
        "without_filters_url": asked.address_without_filters(),
        "button": button_words(total),
        "search": searched.words(asked),
        **choices(asked, counts),
    }
