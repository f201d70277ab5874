"""A product page: packs to choose from, the batch that would be sent, and what is true of it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from shop import formats, presentation
from shop.claims import ORDER, claim_words
from shop.locales import current_locale
from shop.pages import delivery_promises, linked_data, pictures, reviews, share_cards
from shop.pages.allergen_words import allergen
from shop.pages.cards import cards, claim_mark
from shop.pages.own_words import gloss, joined, plain, told, vietnamese
from shop.pages.papers import issuer
from shop.pages.papers import title as paper_title
from shop.pages.place_words import place
from shop.pages.unit_words import container
from shop.queries.catalog_product import PackForSale, ProductRows
from shop.services.addresses import short_name

FEW = 3
"""From this many down the page says how many are left."""


def product_page(rows: ProductRows, *, today: date, sku: str = "") -> dict[str, Any]:
    """Return what `catalog/product.html` shows; the pack with `sku` is chosen if it can be had."""
    head = rows.head
    deliveries = delivery_promises.ways(rows.deliveries, is_chilled=head.is_chilled, today=today)
    on_shelf = [pack for pack in rows.packs if pack.available]
    on_shelf.sort(key=lambda pack: pack.row.sku != sku)
    first = on_shelf[0] if on_shelf else None
    seen = next((pack for pack in rows.packs if pack.row.sku == sku), first)
    papers = _speaking(rows, first)
    claiming = [paper for paper in papers if claim_words(paper.kind, paper.extra)]
    picture = share_cards.product_address(head)
    return {
        "link_picture": picture,
        "linked_data": linked_data.product(
            rows, picture=picture, first=first, papers=claiming if first else []
        ),
        "product": head,
        "gloss": gloss(head.english),
        "about": told(head.description, head.english.get("description")),
        "description": plain(head.description, head.english.get("description")),
        "seller_url": url_for("catalog.seller", slug=head.seller_slug),
        "place": f"{place(head.commune)}, {short_name(head.province)}",
        "pictures": _pictures(rows, seen.row.id if seen else None),
        "has_drawn_packs": _has_drawn_packs(rows),
        "claims": _claims(papers),
        "papers": [_paper(paper) for paper in papers],
        "first": first.row if first else None,
        "can_be_had": bool(first and (deliveries or not head.is_chilled)),
        "packs": [_choice(pack, rows) for pack in rows.packs],
        "batches": _batches(on_shelf),
        "missing": [_missing(head, pack) for pack in rows.packs if not pack.available],
        "facts": using(head),
        "deliveries": deliveries if first else [],
        "cold": delivery_promises.cold_words(head, deliveries) if head.is_chilled else [],
        "others": cards(rows.others, []),
        "rating": reviews.rating(head),
        "reviews": reviews.shown(rows.reviews),
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
    facts = [_("số %(number)s", number=paper.number), issuer(paper.issuer), span]
    facts.append(vietnamese(paper.scope))
    return {
        "id": paper.id,
        "title": paper_title(paper),
        "note": joined(facts),
        "url": url_for("certificates.show", certificate_id=paper.id),
    }


def _pictures(rows: ProductRows, pack_id: int | None) -> list[dict[str, Any]]:
    """Return the picture of the chosen pack and the photos of the product as such."""
    main = pictures.best(rows.photos, pack_id)
    others = [photo for photo in rows.photos if photo.pack_id is None and not is_drawn(photo)]
    shown = [main, *(photo for photo in others if photo is not main)]
    return [_picture(photo, rows.head.name) for photo in shown]


def is_drawn(photo: Any) -> bool:
    """Return whether this is a drawn sample, which nobody may take for a photo."""
    return bool(photo.extension == pictures.DRAWN)


def _picture(photo: Any | None, name: str) -> dict[str, Any]:
    image = pictures.of_photo(photo)
    if photo is None:
        return image | {"alt": _("Chưa có ảnh"), "caption": ""}
    alt = photo.alt or name
    if is_drawn(photo):
        drawn = _("%(name)s (hình vẽ mẫu)", name=alt)
        return image | {"alt": drawn, "caption": _("Hình vẽ mẫu")}
    return image | {"alt": alt, "caption": _("Ảnh mẫu") if photo.is_sample else ""}


def _of_packs(rows: ProductRows) -> dict[int, Any]:
    """Return the photo of each pack; none where no pack has one of its own."""
    if not any(photo.pack_id for photo in rows.photos):
        return {}
    return {pack.row.id: pictures.best(rows.photos, pack.row.id) for pack in rows.packs}


def _has_drawn_packs(rows: ProductRows) -> bool:
    return any(is_drawn(photo) for photo in _of_packs(rows).values())


def _choice(pack: PackForSale, rows: ProductRows) -> dict[str, Any]:
    photo = _of_packs(rows).get(pack.row.id)
    return {
        "picture": _picture(photo, rows.head.name) if photo else None,
        "value": pack.row.id,
        "title": told(pack.row.label, pack.row.label_en),
        "note": stock_words(pack.available, pack.row.unit),
        "right": formats.money(pack.row.price_vnd, current_locale()),
        "right_note": presentation.unit_price(pack.row),
        "disabled": not pack.available,
    }


def _missing(head: Any, pack: PackForSale) -> tuple[str, str]:
    """Return a pack that is sold out, and where to ask to be told of it."""
    address = url_for("stock_watches.ask", slug=head.slug, pack=pack.row.id)
    return told(pack.row.label, pack.row.label_en), address


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
            "pack_id": pack.row.id,
            "pack": told(pack.row.label, pack.row.label_en),
            "lot": pack.row.lot,
            "href": url_for("batches.show", gtin=pack.row.gtin, lot=pack.row.lot),
            "made_on": pack.row.made_on,
            "packed_on": pack.row.packed_on,
            "expires_on": pack.row.expires_on,
        }
        for pack in on_shelf
    ]


def using(head: Any) -> list[tuple[str, str]]:
    """Return what to know of goods before opening the pack; allergens are always stated."""
    english = head.english or {}
    open_days = ""
    if days := head.shelf_life_open_days:
        open_days = ngettext("dùng trong %(num)s ngày", "dùng trong %(num)s ngày", days)
    ingredients, cautions = english.get("ingredients", []), english.get("cautions", [])
    facts = [
        (_("Dị ứng"), allergens_words(head)),
        (_("Bảo quản"), told(head.storage, english.get("storage"))),
        (_("Sau khi mở"), open_days),
        (_("Thành phần"), told(", ".join(head.ingredients), ", ".join(ingredients))),
        (_("Cách dùng"), told(head.directions, english.get("directions"))),
        (_("Lưu ý"), told(". ".join(head.cautions), ". ".join(cautions))),
    ]
    return [(label, text) for label, text in facts if text]


def allergens_words(head: Any) -> str:
    """Return the allergens of a product: they are always stated, also when there are none."""
    if head.allergens:
        names = [allergen(name) for name in head.allergens]
        return str(_("Có %(what)s", what=", ".join(names)))
    if head.allergens_stated:
        return str(_("Không có chất gây dị ứng đã biết"))
    return str(_("Nơi bán chưa khai. Gọi hỏi trước khi mua."))
