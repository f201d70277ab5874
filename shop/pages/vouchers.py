"""Vouchers in words: what they give, to whom, and what is left of them."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from shop import formats
from shop.forms.vouchers import KINDS
from shop.locales import current_locale
from shop.models.vouchers import Voucher, VoucherKind


def kinds() -> list[dict[str, Any]]:
    """Return the choice between per cent and đồng."""
    return [
        {"value": kind, "title": str(title), "note": str(note)}
        for kind, (title, note) in KINDS.items()
    ]


def gives(voucher: Voucher) -> str:
    """Return what a voucher takes off: `10 %, nhiều nhất 30.000 ₫`."""
    lang = current_locale()
    if voucher.kind is VoucherKind.AMOUNT:
        return formats.money(voucher.amount, lang)
    share = f"{voucher.amount}\u00a0%"
    if voucher.cap_vnd is None:
        return share
    return str(
        _("%(share)s, nhiều nhất %(cap)s", share=share, cap=formats.money(voucher.cap_vnd, lang))
    )


def facts(voucher: Voucher, *, today: date) -> str:
    """Return one line about a voucher for the list."""
    lang = current_locale()
    said = [voucher.code or _("tự giảm"), _("giảm %(what)s", what=gives(voucher)), _span(voucher)]
    used = ngettext("%(num)s lượt", "%(num)s lượt", voucher.used_count)
    said.append(_("đã dùng %(uses)s", uses=used))
    if voucher.used_vnd:
        said.append(formats.money(voucher.used_vnd, lang))
    if not voucher.is_open:
        said.append(_("đã đóng"))
    elif voucher.ends_on is not None and voucher.ends_on < today:
        said.append(_("đã hết hạn"))
    return " · ".join(said)


def _span(voucher: Voucher) -> str:
    lang = current_locale()
    begins = formats.day(voucher.starts_on, lang)
    if voucher.ends_on is None:
        return str(_("từ %(issued)s", issued=begins))
    ends = formats.day(voucher.ends_on, lang)
    return str(_("từ %(issued)s đến %(expires)s", issued=begins, expires=ends))


def limits(voucher: Voucher) -> list[tuple[str, str]]:
    """Return what a voucher gives, its limits, and what is used of them."""
    lang = current_locale()

    def money(amount_vnd: int) -> str:
        return formats.money(amount_vnd, lang)

    without = str(_("không giới hạn"))
    rows = [
        (_("Mã"), voucher.code or _("tự giảm, không cần mã")),
        (_("Mức giảm"), gives(voucher)),
        (_("Tiền hàng ít nhất"), money(voucher.minimum_vnd)),
        (_("Thời gian"), _span(voucher)),
        (_("Lượt đã dùng"), _of(voucher.used_count, voucher.uses_most, str)),
        (_("Mỗi số điện thoại"), str(voucher.uses_per_phone or without)),
        (_("Tiền đã giảm"), _of(voucher.used_vnd, voucher.budget_vnd, money)),
    ]
    return [(str(label), str(value)) for label, value in rows]


def _of(used: int, most: int | None, shown: Any) -> str:
    if most is None:
        return str(shown(used))
    return str(_("%(used)s trên %(most)s", used=shown(used), most=shown(most)))
