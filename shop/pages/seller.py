"""The page of a seller: who they are, what they make, which papers they hold."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from shop import formats
from shop.locales import current_locale
from shop.models.batches import BatchState
from shop.models.catalog import Certificate
from shop.pages import linked_data, share_cards
from shop.pages.cards import cards
from shop.pages.own_words import plain, told
from shop.pages.papers import issuer
from shop.pages.papers import title as paper_title
from shop.pages.place_words import place, place_first, places
from shop.queries.catalog_seller import SellerRows
from shop.services.addresses import short_name

SOON = timedelta(days=60)
"""A paper that ends within this is said to end soon (R49)."""


def seller_page(rows: SellerRows, claims: Sequence[Any]) -> dict[str, Any]:
    """Return what `catalog/seller.html` shows."""
    seller = rows.seller
    where = [place_first(seller.hamlet), place(seller.commune), short_name(seller.province)]
    return {
        "link_picture": share_cards.seller_address(seller),
        "linked_data": linked_data.seller(rows),
        "seller": seller,
        "about": told(seller.about, seller.about_en),
        "description": plain(seller.about, seller.about_en),
        "old_address": places(seller.old_address),
        "place": ", ".join(filter(None, where)),
        "figures": _figures(rows),
        "goods": cards(rows.goods, claims),
        "batches": [_batch(row) for row in rows.batches],
        "people": rows.people,
        "papers": [_paper(paper, rows) for paper in rows.papers],
    }


def _figures(rows: SellerRows) -> list[tuple[str, str]]:
    lang = current_locale()
    since = rows.seller.settings.get("since_year")
    area = sum(
        int(Decimal(str(paper.extra.get("area_ha", 0))) * 10_000)
        for paper in rows.papers
        if paper.kind == "vietgap" and paper.is_valid_on(rows.today)
    )
    figures = [
        (_("Số hộ"), formats.number(rows.households, lang) if rows.households else ""),
        (_("Diện tích VietGAP"), formats.area(area, lang) if area else ""),
        (_("Từ năm"), str(since or "")),
    ]
    return [(label, figure) for label, figure in figures if figure]


def _batch(row: Any) -> dict[str, Any]:
    return {
        "lot": row.lot,
        "name": row.name,
        "url": url_for("batches.show", gtin=row.gtin, lot=row.lot),
        "packed_on": row.packed_on,
        "expires_on": row.expires_on,
        "is_recalled": row.state is BatchState.RECALLED,
        "is_held": row.state is BatchState.HELD,
    }


def _paper(paper: Certificate, rows: SellerRows) -> dict[str, Any]:
    return {"title": paper_title(paper), "note": _span(paper), **paper_state(paper, rows)}


def paper_state(paper: Certificate, rows: SellerRows) -> dict[str, str]:
    """Return in words whether a paper holds, ends soon, has ended or was withdrawn."""
    today = rows.today
    if paper.revoked_on is not None and paper.revoked_on <= today:
        return {"state": _("bị thu hồi"), "tone": "hong"}
    if paper.expires_on is not None and paper.expires_on < today:
        return {"state": _("hết hạn"), "tone": "hong"}
    if paper.issued_on > today:
        return {"state": _("chưa tới ngày"), "tone": ""}
    if paper.expires_on is not None and paper.expires_on - today <= SOON:
        return {"state": _("sắp hết hạn"), "tone": "canh"}
    return {"state": _("còn hiệu lực"), "tone": ""}


def _span(paper: Certificate) -> str:
    lang = current_locale()
    issued = formats.day(paper.issued_on, lang)
    number = _("số %(number)s", number=paper.number)
    span = _("từ %(issued)s", issued=issued)
    if paper.expires_on is not None:
        expires = formats.day(paper.expires_on, lang)
        span = _("từ %(issued)s đến %(expires)s", issued=issued, expires=expires)
    return f"{number} · {issuer(paper.issuer)} · {span}"
