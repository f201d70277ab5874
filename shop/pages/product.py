"""A product page: packs to choose from, the batch that would be sent, and what is true of it."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from shop import formats, presentation
from shop.claims import ORDER, claim_words
from shop.locales import current_locale
from shop.pages.allergen_words import allergen
from shop.pages.cards import cards, claim_mark, picture_address
from shop.pages.papers import issuer
from shop.pages.place_words import place
from shop.pages.unit_words import container
from shop.queries.catalog_product import PackForSale, ProductRows
from shop.services.addresses import short_name

FEW = 3
"""From this many down the page says how many are left."""


def product_page(rows: ProductRows) -> dict[str, Any]:
    """Return what `catalog/product.html` shows."""
    head = rows.head
    on_shelf = [pack for pack in rows.packs if pack.available]
    first = on_shelf[0] if on_shelf else None
    papers = _speaking(rows, first)
    return {
        "product": head,
        "seller_url": url_for("catalog.seller", slug=head.seller_slug),
        "place": f"{place(head.commune)}, {short_name(head.province)}",
        "pictures": _pictures(rows),
        "claims": _claims(papers),
        "papers": [_paper(paper) for paper in papers],
        "first": first.row if first else None,
        "packs": [_choice(pack) for pack in rows.packs],
        "batches": _batches(on_shelf),
        "facts": _facts(head),
        "deliveries": [_delivery(row) for row in rows.deliveries],
        "others": cards(rows.others, []),
    }


def _speaking(rows: ProductRows, first: PackForSale | None) -> list[Any]:
    """Return the papers for the product, and those that name the batch that would be sent."""
    batch_id = first.batch_id if first else None
    return [paper for paper in rows.papers if paper.batch_id in {None, batch_id}]


def _claims(papers: Sequence[Any]) -> list[tuple[str, str]]:
    claiming = [paper for paper in papers if claim_words(paper.kind, paper.extra)]
    return [
        (claim_mark(paper), f"#giay-{paper.id}")
        for paper in sorted(claiming, key=lambda paper: ORDER.index(paper.kind))
    ]


def _paper(paper: Any) -> dict[str, Any]:
    lang = current_locale()
    if paper.expires_on is None:
        span = _("từ %(issued)s", issued=formats.day(paper.issued_on, lang))
    else:
        span = _(
            "từ %(issued)s đến %(expires)s",
            issued=formats.day(paper.issued_on, lang),
            expires=formats.day(paper.expires_on, lang),
        )
    facts = [_("số %(number)s", number=paper.number), issuer(paper.issuer), span, paper.scope]
    return {
        "id": paper.id,
        "title": paper.title,
        "note": " · ".join(filter(None, facts)),
        "url": url_for("certificates.show", certificate_id=paper.id),
    }


def _pictures(rows: ProductRows) -> list[dict[str, Any]]:
    if not rows.photos:
        none = picture_address(None, None)
        return [{"src": none, "alt": _("Chưa có ảnh"), "caption": "", "srcset": ""}]
    return [_picture(photo, rows.head.name) for photo in rows.photos]


def _picture(photo: Any, name: str) -> dict[str, Any]:
    alt = photo.alt or name
    if photo.extension == "svg":
        drawn = _("%(name)s (hình vẽ mẫu)", name=alt)
        src = picture_address(photo.key, photo.extension)
        return {"src": src, "alt": drawn, "caption": _("Hình vẽ mẫu"), "srcset": ""}
    widths = ((width, picture_address(photo.key, photo.extension, width)) for width in (320, 640))
    srcset = ", ".join(f"{address} {width}w" for width, address in widths)
    return {
        "src": picture_address(photo.key, photo.extension, 640),
        "alt": alt,
        "caption": _("Ảnh mẫu") if photo.is_sample else "",
        "srcset": srcset,
    }


def _choice(pack: PackForSale) -> dict[str, Any]:
    return {
        "value": pack.row.id,
        "title": pack.row.label,
        "note": stock_words(pack.available, pack.row.unit),
        "right": formats.money(pack.row.price_vnd, current_locale()),
        "right_note": presentation.unit_price(pack.row),
        "disabled": not pack.available,
    }


def stock_words(available: int, unit: str) -> str:
    """Return what is left of a pack, in words: true figures only."""
    if not available:
        return str(_("Hết hàng"))
    unit = container(unit, available)
    if available <= FEW:
        return str(_("Chỉ còn %(count)s %(unit)s", count=available, unit=unit))
    return str(_("Còn %(count)s %(unit)s", count=available, unit=unit))


def _batches(on_shelf: Sequence[PackForSale]) -> list[dict[str, Any]]:
    """Return for each pack the batch that would be sent first, the chosen pack's before all."""
    return [
        {
            "pack": pack.row.label,
            "lot": pack.row.lot,
            "href": url_for("batches.show", gtin=pack.row.gtin, lot=pack.row.lot),
            "made_on": pack.row.made_on,
            "packed_on": pack.row.packed_on,
            "expires_on": pack.row.expires_on,
        }
        for pack in on_shelf
    ]


def _facts(head: Any) -> list[tuple[str, str]]:
    facts = [(_("Dị ứng"), allergens_words(head)), (_("Bảo quản"), head.storage)]
    if head.shelf_life_open_days:
        days = head.shelf_life_open_days
        facts.append(
            (_("Sau khi mở"), ngettext("dùng trong %(num)s ngày", "dùng trong %(num)s ngày", days))
        )
    facts.append((_("Thành phần"), ", ".join(head.ingredients)))
    facts.append((_("Cách dùng"), head.directions))
    facts.append((_("Lưu ý"), ". ".join(head.cautions)))
    return [(label, text) for label, text in facts if text]


def allergens_words(head: Any) -> str:
    """Return the allergens of a product: they are always stated, also when there are none."""
    if head.allergens:
        names = [allergen(name) for name in head.allergens]
        return str(_("Có %(what)s", what=", ".join(names)))
    if head.allergens_stated:
        return str(_("Không có chất gây dị ứng đã biết"))
    return str(_("Nơi bán chưa khai. Gọi hỏi trước khi mua."))


def _delivery(row: Any) -> dict[str, Any]:
    return {"name": row.name, "note": row.note, "fee_vnd": row.fee_vnd}
