"""The office: for whom somebody works there, and what every page of it is given."""

from collections.abc import Sequence
from typing import Any

from flask import abort, current_app, g, redirect, request, url_for
from flask import session as cookie
from flask_babel import lazy_gettext as _l

from shop import db, signing_in
from shop.errors import NotAllowed
from shop.models.catalog import Seller
from shop.queries import sellers
from shop.services.permissions import Action

MENU = (
    ("office_home.inbox", _l("Việc hôm nay")),
    ("office_orders.index", _l("Đơn hàng")),
    ("office_picking.index", _l("Soạn hàng")),
    ("office_products.index", _l("Sản phẩm")),
    ("office_stock_watches.index", _l("Khách chờ hàng")),
    ("office_reviews.index", _l("Đánh giá")),
    ("office_deliveries.index", _l("Phiếu cân")),
    ("office_batches.index", _l("Lô hàng")),
    ("office_vouchers.index", _l("Mã giảm giá")),
    ("office_certificates.index", _l("Giấy tờ")),
    ("office_invoices.index", _l("Hóa đơn cần xuất")),
    ("office_money.index", _l("Tiền")),
    ("office_stock.index", _l("Tồn kho")),
    ("office_sellers.show", _l("Cửa hàng")),
    ("office_members.index", _l("Xã viên")),
    ("office_imports.index", _l("Nhập tệp")),
    ("office_people.index", _l("Người dùng")),
    ("office_audit.index", _l("Lịch sử")),
)
"""What stands in the menu, in this order, for those who may see it."""

CHOSEN = "seller"
"""Where the cookie keeps for whom somebody works."""


def office_seller(action: Action) -> Seller:
    """Return the seller whose things are shown: the one chosen last, else the first allowed.

    Where nobody sells yet, whoever may open a seller is led to the page for it.
    """
    found = choices(action)
    if not found:
        if signing_in.actor().may(Action.MANAGE_INSTALLATION, None):
            abort(redirect(url_for("office_sellers.new"), 303))
        raise NotAllowed(action=action.value)
    chosen = next((one for one in found if one.id == cookie.get(CHOSEN)), found[0])
    show_for(chosen)
    return chosen


def choices(action: Action) -> Sequence[Seller]:
    """Return the sellers with whose things the person may do `action`."""
    return sellers.by_id(db.session(), signing_in.actor().sellers(action))


def show_for(seller: Seller) -> None:
    """Let the page of this request be one of `seller`."""
    g.office_seller = seller
    g.training = seller.is_training


def names() -> dict[str, Any]:
    """Return what the templates of an office page know; nothing on any other page."""
    seller: Seller | None = g.get("office_seller")
    if seller is None:
        return {}
    return {
        "office_name": seller.short_name,
        "office_menu": _menu(),
        "responsible": seller,
        "sample_data": seller.is_sample,
    }


def _menu() -> list[tuple[str, str, bool]]:
    """Return address, words and whether it is this page, for what exists and is allowed."""
    entries = [(url_for(endpoint), str(words)) for endpoint, words in MENU if _may_open(endpoint)]
    if len(choices(Action.SEE_OFFICE)) > 1:
        entries.append((url_for("office_home.choose"), str(_l("Đổi nơi bán"))))
    here = request.script_root + request.path
    above = [address for address, _words in entries if _lies_under(here, address)]
    nearest = max(above, key=len, default="")
    return [(address, words, address == nearest) for address, words in entries]


def _lies_under(path: str, address: str) -> bool:
    return f"{path}/".startswith(f"{address.rstrip('/')}/")


def _may_open(endpoint: str) -> bool:
    view = current_app.view_functions.get(endpoint)
    action: Action | None = getattr(view, "decided_by", None)
    return action is not None and signing_in.actor().sellers(action) != set()
