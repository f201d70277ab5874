"""The office's pages of stock: what stands where, a count and what it differs by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from shop.forms.characters import plain
from shop.models.inventory import MovementKind, Place, PlaceKind
from shop.pages import order_words
from shop.queries import stock_lists
from shop.search.collation import collation_key
from shop.search.folding import fold

PLACE_KINDS = {
    PlaceKind.WAREHOUSE: _l("kho"),
    PlaceKind.COUNTER: _l("quầy"),
    PlaceKind.STALL: _l("sạp chợ"),
    PlaceKind.QUARANTINE: _l("hàng trả, chờ xem lại"),
}

MOVEMENTS = {
    MovementKind.PACK: _l("Đóng gói, nhập kho"),
    MovementKind.SHIP: _l("Gửi cho khách"),
    MovementKind.SALE: _l("Bán tại chỗ"),
    MovementKind.DESTROY: _l("Hủy bỏ"),
    MovementKind.STOCK_TAKE: _l("Kiểm kê"),
    MovementKind.TRANSFER: _l("Chuyển chỗ"),
    MovementKind.RETURN: _l("Khách trả"),
}


@dataclass(frozen=True, slots=True)
class OfProduct:
    """What stands there of one product."""

    name: str
    rows: Sequence[Any]


def by_product(rows: Sequence[Any], *, text: str = "") -> list[OfProduct]:
    """Return the levels by product in Vietnamese order; `text` keeps those of a lot or a name."""
    wanted = fold(plain(text))
    kept = [row for row in rows if not wanted or wanted in fold(f"{row.product} {row.lot}")]
    groups = [OfProduct(name, list(of)) for name, of in groupby(kept, lambda row: row.product)]
    return sorted(groups, key=lambda group: collation_key(group.name))


def trouble(row: Any, today: date) -> tuple[str, str]:
    """Return why goods may not be sold and how that is marked; two empty words when they may."""
    is_expired = row.expires_on is not None and row.expires_on < today
    found = order_words.trouble(row.state, is_expired=is_expired)
    if found[0]:
        return found
    if row.place_kind is PlaceKind.QUARANTINE:
        return _("chờ xem lại"), "canh"
    return (_("mã đã rút"), "canh") if row.withdrawn_at else ("", "")


def stock_page(
    session: Session, seller_id: int, *, place_id: int | None, text: str, today: date
) -> dict[str, Any]:
    """Return what `office/stock/index.html` shows."""
    rows = stock_lists.levels(session, seller_id, place_id=place_id)
    return {
        "places": [_place(place) for place in stock_lists.places(session, seller_id)],
        "chosen": place_id,
        "text": text,
        "products": by_product(rows, text=text),
        "trouble": lambda row: trouble(row, today),
        "packs": sum(row.on_hand for row in rows),
    }


def _place(place: Place) -> dict[str, Any]:
    return {
        "id": place.id,
        "name": place.name,
        "kind": str(PLACE_KINDS[place.kind]),
        "is_quarantine": place.kind is PlaceKind.QUARANTINE,
    }


def row_title(row: Any) -> str:
    """Return how one row of a count is called: `Chè móc câu, gói 200 g, LBT-261103-01`."""
    return f"{row.product}, {row.pack}, {row.lot}"
