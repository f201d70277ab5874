"""The pages of the office about the seller itself: where it is, how it delivers, who is paid."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from integrations import vietqr
from shop import formats
from shop.forms.base import Fields
from shop.forms.delivery_methods import KINDS as DELIVERY_KINDS
from shop.forms.seller_drafts import BankDraft
from shop.forms.sellers import KINDS, MODES, Where, as_typed, where_of
from shop.locales import current_locale
from shop.models.catalog import Seller
from shop.models.orders import DeliveryMethod
from shop.models.payments import BankAccount
from shop.pages import fee_words
from shop.pages.order import SAMPLE_BAND
from shop.queries import sellers as queries
from shop.services import addresses, payments, refund_rules
from shop.services.addresses import Resolution
from traceability.labels import qr


@dataclass(frozen=True, slots=True)
class Account:
    """An account as it will be paid to: bank and number are read back from the code itself."""

    bank: str
    number: str
    holder: str
    picture: str
    """The code as an address that holds the whole picture."""
    is_sample: bool


def find_place(
    session: Session, fields: Fields, *, today: date, seller: Seller | None = None
) -> tuple[Where | None, Resolution]:
    """Return the commune that was typed, or `None` with a fault noted and what may be meant.

    That of `seller` is kept as long as its text is.
    """
    typed = fields.typed("commune").strip()
    if seller is not None and typed == as_typed(seller)["commune"]:
        return where_of(seller), Resolution()
    if not typed:
        fields.refuse("commune", _("Chưa ghi xã, phường. Ví dụ La Bằng, Thái Nguyên"))
        return None, Resolution()
    resolution = addresses.resolve(session, typed[:120], day=today)
    answered = fields.typed("commune_code") if fields.typed("asked_for") == typed else ""
    proposed = {commune.code: commune for commune in resolution.proposals}
    found = resolution.commune or proposed.get(answered)
    if found is not None:
        return Where(found.name, found.code, found.province, found.province_code), resolution
    if proposed:
        fields.refuse("commune_code", _("Có nơi tên gần như vậy. Chọn đúng xã, phường."))
    else:
        fields.refuse(
            "commune",
            _("Không tìm thấy xã, phường này. Ghi tên và tỉnh, ví dụ La Bằng, Thái Nguyên"),
        )
    return None, resolution


def commune_choices(resolution: Resolution) -> list[dict[str, str]]:
    """Return the communes that may be meant; nothing when it is sure."""
    return [
        {"value": commune.code, "title": commune.name, "note": commune.province}
        for commune in resolution.proposals
    ]


def kind_choices() -> list[dict[str, Any]]:
    """Return the kinds of seller."""
    return [{"value": value, "title": words} for value, words in KINDS.items()]


def mode_choices() -> list[dict[str, Any]]:
    """Return selling and training, each with its consequence."""
    return [
        {"value": value, "title": words, "note": note} for value, (words, note) in MODES.items()
    ]


def delivery_kinds() -> list[dict[str, Any]]:
    """Return the kinds of delivery, each with a note."""
    return [
        {"value": value, "title": words, "note": note}
        for value, (words, note) in DELIVERY_KINDS.items()
    ]


def settings_page(session: Session, seller: Seller, *, today: date) -> dict[str, Any]:
    """Return what `office/sellers/show.html` shows."""
    ways = queries.delivery_methods(session, seller.id)
    provinces = dict(addresses.provinces(session, day=today))
    account = payments.receiving_account(session, seller.id)
    return {
        "seller": seller,
        "contact": _contact(seller),
        "fixed": _fixed(seller),
        "ways": [_way(way, provinces) for way in ways],
        "has_open_way": any(way.is_offered for way in ways),
        "refund_limit_vnd": refund_rules.limit_vnd(seller),
        "account": None if account is None else shown_account(seller, account),
    }


def shown_account(seller: Seller, account: BankAccount | BankDraft) -> Account:
    """Return an account with its code, which says in the picture when nobody should pay."""
    content = vietqr.encode(account.bank_bin, account.number)
    said = vietqr.decode(content)
    bank = vietqr.find_bank(said.bin)
    is_made_up = seller.is_sample or seller.is_training
    if isinstance(account, BankAccount):
        is_made_up = is_made_up or account.is_sample
    picture = qr.svg(content, level="M", side_mm=60, band=SAMPLE_BAND if is_made_up else "")
    return Account(
        bank=bank.label if bank else account.bank_name,
        number=said.account,
        holder=account.holder,
        picture=f"data:{picture.media_type};base64,{b64encode(picture.content).decode()}",
        is_sample=is_made_up,
    )


def _contact(seller: Seller) -> list[tuple[str, str]]:
    place = filter(None, [seller.hamlet, seller.commune, seller.province])
    rows = [
        (_("Tên đầy đủ"), seller.name),
        (_("Tên ngắn"), seller.short_name),
        (_("Điện thoại"), formats.phone(seller.phone)),
        (_("Thư điện tử"), seller.email),
        (_("Địa chỉ"), ", ".join(place)),
        (_("Địa chỉ cũ"), seller.old_address),
        (_("Mã số thuế"), seller.tax_code or ""),
        (_("Số đăng ký"), seller.registration_no or ""),
        (_("Ngày đăng ký"), _day(seller.registered_on)),
        (_("Nơi cấp đăng ký"), seller.registered_by),
        (_("Người chịu trách nhiệm"), seller.responsible),
    ]
    return [(label, value) for label, value in rows if value]


def _day(day: date | None) -> str:
    return formats.day(day, current_locale()) if day else ""


def _fixed(seller: Seller) -> list[tuple[str, str]]:
    """Return what was decided when the seller was opened: it stands in codes people hold."""
    return [
        (_("Loại nơi bán"), str(KINDS[seller.kind.value])),
        (_("Bán thật hay tập huấn"), str(MODES[seller.mode.value][0])),
        (_("Địa chỉ trang"), f"/htx/{seller.slug}"),
        (_("Chữ đầu mã lô"), seller.lot_prefix),
        (_("Chữ đầu mã đơn"), seller.order_prefix),
    ]


def _way(way: DeliveryMethod, provinces: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": way.id,
        "name": way.name,
        "is_offered": way.is_offered,
        "facts": " · ".join(_facts(way, provinces)),
    }


def _facts(way: DeliveryMethod, provinces: Mapping[str, str]) -> Sequence[str]:
    days = _("nhiều nhất %(days)s ngày", days=way.days) if way.days else _("trong ngày")
    facts = [fee_words.of_way(way.fee_vnd, way.fee_table), days]
    if way.note:
        facts.append(way.note)
    if way.is_chilled:
        facts.append(_("giữ lạnh được"))
    if not way.takes_cod:
        facts.append(_("không thu tiền khi giao"))
    if way.province_codes is not None:
        names = [provinces.get(code, code) for code in way.province_codes]
        facts.append(", ".join(addresses.short_name(name) for name in names))
    return facts


def weekdays() -> list[tuple[int, str]]:
    """Return the days of the week with their names, Monday being 1."""
    names = [_("Thứ Hai"), _("Thứ Ba"), _("Thứ Tư"), _("Thứ Năm"), _("Thứ Sáu"), _("Thứ Bảy")]
    return list(enumerate([*names, _("Chủ nhật")], start=1))
