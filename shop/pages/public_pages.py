"""What search engines and marts fetch: the map of the pages and the list of goods, as XML."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

from flask import url_for

from shop.locales import LANGUAGES, address_in, in_every_language, whole_address
from shop.models.catalog import PHOTO_LARGE
from shop.pages.pictures import picture_address

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
IMAGE = "http://www.google.com/schemas/sitemap-image/1.1"
GOODS = "http://base.google.com/ns/1.0"

for _prefix, _name in {"": SITEMAP, "xhtml": XHTML, "image": IMAGE, "g": GOODS}.items():
    ET.register_namespace(_prefix, _name)


def index(parts: Iterable[str]) -> bytes:
    """Return the sitemap of sitemaps with the addresses `parts`."""
    root = ET.Element(f"{{{SITEMAP}}}sitemapindex")
    for address in parts:
        entry = ET.SubElement(root, f"{{{SITEMAP}}}sitemap")
        ET.SubElement(entry, f"{{{SITEMAP}}}loc").text = whole_address(address_in("vi", address))
    return _document(root)


def sitemap(pages: Iterable[tuple[str, datetime | None, str]]) -> bytes:
    """Return a sitemap of `pages`: address, last change and picture, the last two if known.

    Each page stands there in both languages, and each names both.
    """
    root = ET.Element(f"{{{SITEMAP}}}urlset")
    for address, changed_at, picture in pages:
        plain = whole_address(address_in("vi", address))
        every = in_every_language(plain)
        for _lang, loc in every[: len(LANGUAGES)]:
            entry = ET.SubElement(root, f"{{{SITEMAP}}}url")
            ET.SubElement(entry, f"{{{SITEMAP}}}loc").text = loc
            if changed_at is not None:
                moment = changed_at.astimezone(UTC).isoformat(timespec="seconds")
                ET.SubElement(entry, f"{{{SITEMAP}}}lastmod").text = moment
            for lang, href in every:
                about = {"rel": "alternate", "hreflang": lang, "href": href}
                ET.SubElement(entry, f"{{{XHTML}}}link", about)
            if picture:
                image = ET.SubElement(entry, f"{{{IMAGE}}}image")
                ET.SubElement(image, f"{{{IMAGE}}}loc").text = whole_address(picture)
    return _document(root)


def changed_at(row: Any) -> datetime:
    """Return when the page of a row last changed: its version is a moment."""
    if row.version is None:
        created: datetime = row.created_at
        return created
    return datetime.fromtimestamp(row.version / 1_000_000, UTC)


def picture(row: Any) -> str:
    """Return the largest picture of goods that every reader understands; nothing without one."""
    if row.photo_key is None:
        return ""
    if row.photo_extension == "svg":
        return address_in("vi", url_for("share_cards.sample", name=row.photo_key))
    largest = picture_address(row.photo_key, row.photo_extension, PHOTO_LARGE)
    return address_in("vi", largest)


def feed(rows: Sequence[Any]) -> bytes:
    """Return the goods as a product feed: RSS 2.0 with the attributes of Google Merchant Center.

    Facebook and Zalo read the same form.
    """
    root = ET.Element("rss", {"version": "2.0"})
    channel = ET.SubElement(root, "channel")
    home = whole_address(address_in("vi", url_for("catalog.home")))
    for name, text in {"title": "Đặc Sản", "link": home, "description": "Đặc Sản"}.items():
        ET.SubElement(channel, name).text = text
    packs: dict[int, int] = {}
    for row in rows:
        packs[row.product_id] = packs.get(row.product_id, 0) + 1
    for row in rows:
        item = ET.SubElement(channel, "item")
        for name, text in _attributes(row, has_others=packs[row.product_id] > 1).items():
            if text:
                ET.SubElement(item, f"{{{GOODS}}}{name}").text = text
    return _document(root)


def _attributes(row: Any, *, has_others: bool) -> dict[str, str]:
    image = picture(row)
    return {
        "id": f"goi-{row.id}",
        "item_group_id": f"hang-{row.product_id}" if has_others else "",
        "title": f"{row.name}, {row.label}"[:150],
        "description": (row.description or f"{row.name}, {row.label}, {row.short_name}")[:5000],
        "link": whole_address(address_in("vi", url_for("catalog.product", slug=row.slug))),
        "image_link": whole_address(image) if image else "",
        "price": f"{row.price_vnd} VND",
        "availability": "in_stock" if row.available > 0 else "out_of_stock",
        "condition": "new",
        "brand": (row.brand or row.short_name)[:70],
        "mpn": row.sku,
        # internal numbers (prefix 20) are nobody else's business (`design.md` 2)
        "gtin": "" if row.gtin_is_internal else row.gtin,
        "product_type": row.kind,
        "unit_pricing_measure": f"{row.net_quantity} {row.net_unit.value}",
        "shipping_weight": f"{row.mass_g} g",
    }


def _document(root: ET.Element) -> bytes:
    found: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return found
