"""Goods as the macros of `templates/_macros/product_card.html` want them."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from shop import formats, presentation
from shop.claims import ORDER, claim_words
from shop.locales import current_locale
from shop.pages import own_words, pictures
from shop.pages.reviews import rating
from shop.pages.unit_words import container
from shop.services.addresses import short_name


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
    if current_locale() == "en":
        return _short_in_english(row, net)
    return lowered(next((part for part in parts if part.endswith(net)), row.label))


def _short_in_english(row: Any, net: str) -> str:
    """Return the pack in English, by its words if it has some, else by its net content."""
    written: str = row.label_en.split(", ")[-1]
    return lowered(written) or f"{net} {container(row.unit)}"


def lowered(label: str) -> str:
    """Return the label of a pack as inside a line: `Cây 500 g` -> `cây 500 g`."""
    return label[:1].lower() + label[1:]


def card(row: Any, papers: Iterable[Any]) -> dict[str, Any]:
    """Return one row of `queries.catalog_list.page_of` as a card."""
    made = ""
    if row.made_on is not None:
        made = _("làm %(day)s", day=formats.short_day(row.made_on, current_locale()))
    rated = rating(row)
    return {
        "url": url_for("catalog.product", slug=row.slug),
        "name": row.name,
        "gloss": own_words.gloss(row.english),
        "maker": f"{row.short_name} · {short_name(row.province)}",
        "price_vnd": row.price_vnd,
        "pack": ", ".join([short_pack(row), *([_("giao lạnh")] if row.is_chilled else [])]),
        "unit_price": presentation.unit_price(row),
        "made": made,
        "rating": rated["words"] if rated else "",
        "claims": claims_of(row, papers) if row.available else [],
        "picture": pictures.of_row(row),
        "sold_out": "" if row.available else _("Hết hàng"),
        "notify_url": url_for("stock_watches.ask", slug=row.slug),
    }


def pictures_of_sellers(rows: Iterable[Any]) -> dict[str, dict[str, Any]]:
    """Return for each seller among `rows` the picture of its first goods, by name in addresses."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        found.setdefault(row.seller_slug, pictures.of_row(row))
    return found


def cards(rows: Sequence[Any], papers: Sequence[Any]) -> list[dict[str, Any]]:
    """Return the cards of a page."""
    return [card(row, papers) for row in rows]
