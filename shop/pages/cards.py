"""Goods as the macros of `templates/_macros/product_card.html` want them."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from shop import formats, presentation, resources
from shop.claims import ORDER, claim_words
from shop.locales import current_locale
from shop.models.catalog import PHOTO_WIDTHS
from shop.services.addresses import short_name

__all__ = [
    "NO_PHOTO",
    "PHOTO_WIDTHS",
    "card",
    "cards",
    "claim_mark",
    "claims_of",
    "picture_address",
    "short_pack",
]

NO_PHOTO = "pictures/chua-co-anh.svg"


def picture_address(key: str | None, extension: str | None, width: int = 320) -> str:
    """Return where a picture of a product is; drawn samples come with the static files."""
    if key is None:
        return resources.static_address(NO_PHOTO)
    if extension == "svg":
        return resources.static_address(f"pictures/{key}.svg")
    return url_for("catalog.photo", key=key, width=width, extension=extension)


def claim_mark(paper: Any) -> Markup:
    """Return the words of a claim with the number of the record behind it."""
    words = claim_words(paper.kind, paper.extra)
    return Markup('<span data-claim="{}">{}</span>').format(paper.id, words)


def claims_of(row: Any, papers: Iterable[Any]) -> list[Markup]:
    """Return the claims that hold for the product of `row` and the batch it would be sent from."""
    speaking = [
        paper
        for paper in papers
        if paper.product_id == row.id
        or (paper.batch_id is not None and paper.batch_id == row.batch_id)
    ]
    claiming = [paper for paper in speaking if claim_words(paper.kind, paper.extra)]
    return [claim_mark(p) for p in sorted(claiming, key=lambda p: ORDER.index(p.kind))]


def short_pack(row: Any) -> str:
    """Return the pack without the name of the sort: `Chè đinh, hộp 100 g` -> `hộp 100 g`.

    It is the part that says the net content; a label in which none does stays whole.
    """
    net = presentation.net_content(row).replace("\u00a0", " ")
    parts: list[str] = row.label.replace("\u00a0", " ").split(", ")
    return next((part for part in parts if part.endswith(net)), row.label)


def card(row: Any, papers: Iterable[Any]) -> dict[str, Any]:
    """Return one row of `queries.catalog_list.page_of` as a card."""
    made = ""
    if row.made_on is not None:
        made = _("làm %(day)s", day=formats.short_day(row.made_on, current_locale()))
    return {
        "url": url_for("catalog.product", slug=row.slug),
        "name": row.name,
        "maker": f"{row.short_name} · {short_name(row.province)}",
        "price_vnd": row.price_vnd,
        "pack": short_pack(row),
        "unit_price": presentation.unit_price(row),
        "made": made,
        "claims": claims_of(row, papers) if row.available else [],
        "picture_url": picture_address(row.photo_key, row.photo_extension),
        "sold_out": "" if row.available else _("Hết hàng"),
    }


def cards(rows: Sequence[Any], papers: Sequence[Any]) -> list[dict[str, Any]]:
    """Return the cards of a page."""
    return [card(row, papers) for row in rows]
