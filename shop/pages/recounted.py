"""Why a total is another than the one the buyer saw, in words."""

import re

from flask_babel import gettext as _

from shop import formats
from shop.locales import current_locale
from shop.models.addresses import Commune
from shop.models.orders import DeliveryKind, DeliveryMethod
from shop.pages.place_words import place

_SEEN = re.compile(r"(\d{1,12})-(\d{1,12})")


def seen(goods_vnd: int, fee_vnd: int) -> str:
    """Return what a form keeps of the sums it shows, in đồng: the goods and their delivery."""
    return f"{goods_vnd}-{fee_vnd}"


def words(
    typed: str,
    *,
    goods_vnd: int,
    fee_vnd: int,
    method: DeliveryMethod | None,
    commune: Commune | None,
    province: str,
) -> str:
    """Return the sentences that tell a total which the buyer has not seen yet, and why.

    `typed` is what `seen` gave; what cannot be read tells the total alone.
    """
    told = []
    before = _SEEN.fullmatch(typed)
    if before and int(before[2]) != fee_vnd and method is not None:
        told.append(_fee(method, fee_vnd, commune, province))
    if before and int(before[1]) != goods_vnd:
        told.append(_("Tiền hàng bây giờ là %(amount)s.", amount=_money(goods_vnd)))
    total = _money(goods_vnd + fee_vnd)
    told.append(_("Tổng tiền bây giờ là %(total)s. Xem lại rồi bấm Đặt hàng.", total=total))
    return " ".join(map(str, told))


def _fee(method: DeliveryMethod, fee_vnd: int, commune: Commune | None, province: str) -> str:
    where = place(commune.name) if commune else place(province) if province else ""
    if method.kind is DeliveryKind.PICKUP or not where:
        said = _("Cách giao “%(method)s” thu %(fee)s.", method=method.name, fee=_money(fee_vnd))
    else:
        said = _("Phí giao tới %(place)s là %(fee)s.", place=where, fee=_money(fee_vnd))
    return str(said)


def _money(amount_vnd: int) -> str:
    return formats.money(amount_vnd, current_locale())
