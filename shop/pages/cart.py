"""The cart as people read it: lines, what changed meanwhile, what is left."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from shop import formats
from shop.locales import current_locale
from shop.models.catalog import Pack
from shop.pages import pictures
from shop.pages.cards import lowered
from shop.pages.unit_words import container, counted
from shop.services.carts import Entry, Group


def group(of_seller: Group, instead: Mapping[int, Pack]) -> dict[str, Any]:
    """Return what the cart page shows of one seller; `instead` of what is gone, by its pack."""
    return {
        "seller": of_seller.seller,
        "lines": [
            line(entry) | {"instead": substitute(entry, instead.get(entry.pack.id))}
            for entry in of_seller.entries
        ],
        "changes": changes(of_seller.entries),
        "goods_vnd": of_seller.goods_vnd,
        "is_buyable": bool(of_seller.buyable),
    }


def changes(entries: Sequence[Entry]) -> list[str]:
    """Return in words what changed in price or stock since the goods went into the cart."""
    lang = current_locale()
    told = []
    for entry in entries:
        name = f"{entry.pack.product.name}, {entry.pack.label}"
        if entry.old_price_vnd is not None and entry.quantity:
            before = formats.money(entry.old_price_vnd, lang)
            now = formats.money(entry.pack.price_vnd, lang)
            told.append(
                _(
                    "Giá %(name)s vừa đổi: %(before)s thành %(now)s.",
                    name=name,
                    before=before,
                    now=now,
                )
            )
        if entry.is_cut:
            told.append(
                _(
                    "%(name)s chỉ còn %(count)s %(unit)s. Đã sửa giỏ thành %(count)s.",
                    name=name,
                    count=entry.quantity,
                    unit=container(entry.pack.unit, entry.quantity),
                )
            )
        if not entry.quantity:
            told.append(_("%(name)s vừa hết hàng nên không tính vào đơn.", name=name))
    return told


def line(entry: Entry) -> dict[str, Any]:
    """Return one line of a cart for the macro `small_row`."""
    facts = [counted(entry.quantity, entry.pack.unit)]
    if entry.pack.product.is_chilled:
        facts.append(_("giao lạnh"))
    return {
        "entry": entry,
        "name": f"{entry.pack.product.name}, {entry.pack.label}",
        "note": " · ".join(facts),
        "amount_vnd": entry.total_vnd,
        "limit": limit_words(entry),
        "picture": pictures.of_photo(pictures.best(entry.pack.product.photos, entry.pack.id)),
    }


def substitute(entry: Entry, pack: Pack | None) -> dict[str, Any] | None:
    """Return what the button offers instead of a pack that is gone, with its price."""
    if pack is None:
        return None
    is_same = pack.product_id == entry.pack.product_id
    name = lowered(pack.label) if is_same else f"{pack.product.name}, {pack.label}"
    price = formats.money(pack.price_vnd, current_locale())
    return {
        "id": pack.id,
        "words": _("Lấy %(name)s thay, %(price)s", name=name, price=price),
    }


def limit_words(entry: Entry) -> str:
    """Return how many are left once no more can be had; true figures only."""
    if not entry.quantity:
        return str(_("Hết hàng"))
    if entry.quantity < entry.available:
        return ""
    return str(
        _(
            "Chỉ còn %(count)s %(unit)s",
            count=entry.available,
            unit=container(entry.pack.unit, entry.available),
        )
    )
