"""The facts of the legal pages in words, and what each page and each fact is called."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from markupsafe import Markup

from shop import formats
from shop.locales import current_locale
from shop.models.legal import LegalPage
from shop.pages import fee_words
from shop.pages.markup import Fact

TITLES: Mapping[LegalPage, Any] = {
    LegalPage.ABOUT: _l("Về chúng tôi"),
    LegalPage.TERMS: _l("Điều khoản bán hàng"),
    LegalPage.PAYMENT: _l("Giá, phí và cách trả tiền"),
    LegalPage.DELIVERY: _l("Giao hàng"),
    LegalPage.RETURNS: _l("Đổi trả và hoàn tiền"),
    LegalPage.COMPLAINTS: _l("Khiếu nại"),
    LegalPage.PERSONAL_DATA: _l("Dữ liệu cá nhân"),
    LegalPage.RECALL: _l("Hàng giữ lạnh và thu hồi"),
    LegalPage.WARNING: _l("Cảnh giác lừa đảo"),
}
OF_SITE: Mapping[LegalPage, Any] = {
    LegalPage.TERMS: _l("Điều khoản sử dụng"),
    LegalPage.RECALL: _l("Thu hồi hàng"),
}
"""What a page of the whole site is called where that is another name."""

OWNER: Mapping[str, tuple[str, Any]] = {
    "ten": ("name", _l("Tên")),
    "dia-chi": ("address", _l("Địa chỉ")),
    "dien-thoai": ("phone", _l("Điện thoại")),
    "thu-dien-tu": ("email", _l("Thư điện tử")),
    "ma-so-thue": ("tax_code", _l("Mã số thuế")),
    "so-dang-ky": ("registration_no", _l("Số giấy đăng ký")),
    "ngay-dang-ky": ("registered_on", _l("Ngày đăng ký")),
    "noi-dang-ky": ("registered_by", _l("Nơi cấp đăng ký")),
    "nguoi-chiu-trach-nhiem": ("responsible", _l("Người chịu trách nhiệm")),
}
"""By the name of a fact about who sells: where it stands, its words."""

LISTS: Mapping[str, Any] = {
    "thong-tin": _l("Tên, giấy đăng ký, địa chỉ, liên hệ"),
    "cach-giao": _l("Các cách giao và phí"),
    "cach-tra-tien": _l("Các cách trả tiền"),
    "tai-khoan": _l("Tài khoản nhận tiền"),
    "noi-ban": _l("Các nơi bán"),
    "trang": _l("Địa chỉ trang này"),
}


def title(page: LegalPage, *, of_seller: bool) -> str:
    """Return what a page is called."""
    return str(TITLES[page] if of_seller else OF_SITE.get(page, TITLES[page]))


def words(raw: Mapping[str, Any], page: LegalPage, *, base_url: str) -> dict[str, Fact]:
    """Return each fact in words; one that is missing says so."""
    missing = _missing()
    owner = {
        name: _of_owner(raw["owner"], key) or missing for name, (key, *_rest) in OWNER.items()
    }
    return {
        **owner,
        "ten-ngan": raw["owner"].get("short_name") or missing,
        "trang": _own_address(raw, base_url),
        "thong-tin": [
            Markup("{}: <b>{}</b>").format(str(said), owner[name])
            for name, (_key, said) in OWNER.items()
        ],
        "cach-giao": [_delivery(way) for way in raw["deliveries"]] or [missing],
        "cach-tra-tien": list(_payments(raw)) or [missing],
        "tai-khoan": [_account(account) for account in raw["accounts"]] or [missing],
        "noi-ban": [_seller(seller, page) for seller in raw["sellers"]] or [missing],
    }


def lacking(raw: Mapping[str, Any], names: Sequence[str]) -> list[str]:
    """Return in words which facts, of those that a text asks for, nobody has told yet."""
    asked = dict.fromkeys(
        name for one in names for name in (OWNER if one == "thong-tin" else [one])
    )
    return [
        str(OWNER[name][1])
        for name in asked
        if name in OWNER and not _of_owner(raw["owner"], OWNER[name][0])
    ] + [str(LISTS[name]) for name in asked if name in _EMPTY and not raw[_EMPTY[name]]]


_EMPTY = {"cach-giao": "deliveries", "tai-khoan": "accounts", "noi-ban": "sellers"}


def _missing() -> str:
    return str(_("chưa điền"))


def _of_owner(owner: Mapping[str, Any], key: str) -> str:
    value = owner.get(key) or ""
    if value and key == "phone":
        return formats.phone(value)
    if value and key == "registered_on":
        return formats.day(date.fromisoformat(value), current_locale())
    return str(value)


def _own_address(raw: Mapping[str, Any], base_url: str) -> str:
    return f"{base_url}/htx/{raw['slug']}" if raw["slug"] else base_url


def _delivery(way: Mapping[str, Any]) -> str:
    table = way.get("fee_table")
    is_paid = way["fee_vnd"] or table
    fee = fee_words.of_way(way["fee_vnd"], table) if is_paid else _("không mất phí")
    said = [way["name"] + ": " + str(fee)]
    if table:
        said.append(str(_("bảng phí: %(rows)s", rows=fee_words.in_lines(table))))
    if way["days"]:
        most = ngettext("nhiều nhất %(num)s ngày", "nhiều nhất %(num)s ngày", way["days"])
        said.append(str(most))
    if way["note"]:
        said.append(way["note"])
    if way["provinces"] is not None:
        said.append(str(_("giao tới %(places)s", places=", ".join(way["provinces"]))))
    if way["is_chilled"]:
        said.append(str(_("nhận hàng giữ lạnh")))
    if not way["takes_cod"]:
        said.append(str(_("không thu tiền khi giao")))
    return "; ".join(said)


def _payments(raw: Mapping[str, Any]) -> Iterator[str]:
    if raw["transfer_minutes"]:
        yield _(
            "Quét mã VietQR, chuyển khoản: giữ hàng %(time)s từ lúc đặt, quá giờ chưa thấy tiền "
            "thì đơn tự hủy.",
            time=_span(raw["transfer_minutes"]),
        )
    for gateway in raw["gateways"]:
        yield _(
            "Thẻ hoặc ví qua %(title)s: giữ hàng %(time)s.",
            title=gateway["title"],
            time=_span(gateway["minutes"]),
        )
    if raw["cod_minutes"]:
        yield _(
            "Trả tiền khi nhận hàng: đơn đến %(limit)s; được gọi xác nhận trước khi gửi, giữ hàng "
            "%(time)s để gọi.",
            limit=formats.money(raw["cod_max_vnd"], current_locale()),
            time=_span(raw["cod_minutes"]),
        )


def _span(minutes: int) -> str:
    if minutes % 60:
        return str(ngettext("%(num)s phút", "%(num)s phút", minutes))
    return str(ngettext("%(num)s giờ", "%(num)s giờ", minutes // 60))


def _account(account: Mapping[str, Any]) -> Markup:
    return Markup("{}: {}, <span class='so nb'>{}</span>, <b>{}</b>").format(
        account["seller"], account["bank"], account["number"], account["holder"]
    )


def _seller(seller: Mapping[str, Any], page: LegalPage) -> Markup:
    if page in {LegalPage.WARNING, LegalPage.ABOUT}:
        page = LegalPage.ABOUT
    return Markup("<a href='{}'>{}</a>, {}").format(
        url_for("legal.of_seller", slug=seller["slug"], page=page.value),
        seller["name"],
        formats.phone(seller["phone"]),
    )
