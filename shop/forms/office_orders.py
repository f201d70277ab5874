"""What the office types about an order: how it left, why it came to nothing, what money came."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import lazy_gettext as _l

from shop.carriers import is_tracking_code
from shop.forms.base import Fields
from shop.forms.ids import read_id
from shop.forms.money import read_amount
from shop.forms.text import read_line
from shop.forms.times import read_moment
from shop.forms.values import ValueRefused

OTHER = "other"
"""Chosen when no reason of the list fits; then some words are needed."""

NAMES = {
    "carrier": _l("đơn vị vận chuyển"),
    "tracking_code": _l("mã vận đơn"),
    "level": _l("lô thay thế"),
    "reason": _l("lý do"),
    "words": _l("lý do ghi rõ"),
    "amount": _l("số tiền"),
    "fee": _l("phí vận chuyển giữ lại"),
    "credited_at": _l("lúc tiền về"),
    "reference": _l("mã giao dịch"),
    "memo": _l("nội dung chuyển khoản"),
    "code": _l("mã đơn"),
}
"""What the summary of faults calls each field."""


@dataclass(frozen=True, slots=True)
class Sending:
    """With whom a parcel leaves, and under which code."""

    carrier: str
    tracking_code: str


@dataclass(frozen=True, slots=True)
class Transfer:
    """Money that somebody saw on the account."""

    amount_vnd: int
    credited_at: datetime
    reference: str


@dataclass(frozen=True, slots=True)
class CashHandedOver:
    """What a carrier paid out of the cash it took, and what it kept for itself."""

    amount_vnd: int
    fee_vnd: int


def read_sending(fields: Fields) -> Sending | None:
    """Return how a parcel leaves; `None` with faults beside their fields."""
    empty = _l("Chưa ghi ai chở hàng. Ví dụ Bưu điện, xe HTX, hoặc khách tự lấy")
    carrier = fields.read("carrier", read_line, longest=80, instead={"text_empty": empty})
    code = fields.read("tracking_code", read_tracking_code)
    if carrier is None or code is None:
        return None
    return Sending(carrier, code)


def read_tracking_code(text: str) -> str:
    """Return the code of a parcel without blanks, empty if nothing was typed.

    Raises `ValueRefused`: `tracking_code_unreadable`, and what `read_line` refuses.
    """
    code = "".join(read_line(text, longest=60, required=False).split())
    if code and not is_tracking_code(code):
        raise ValueRefused("tracking_code_unreadable")
    return code


def read_reason(fields: Fields, known: Iterable[str]) -> str | None:
    """Return the reason chosen, or the words typed where none of the list fits."""
    chosen = fields.typed("reason")
    if chosen in known:
        return chosen
    if chosen != OTHER:
        fields.refuse("reason", str(_l("Chọn một lý do trong danh sách.")))
        return None
    return read_words(fields, "words")


def read_words(fields: Fields, name: str) -> str | None:
    """Return a reason in somebody's own words."""
    empty = _l("Chưa ghi lý do. Ví dụ gói bị rách, khách dặn lấy lô mới")
    return fields.read(name, read_line, longest=160, instead={"text_empty": empty})


def read_transfer(fields: Fields, *, now: datetime, today: date) -> Transfer | None:
    """Return the money that came, seen at `now` at the latest."""
    amount = fields.read("amount", read_amount)
    at = fields.read("credited_at", read_moment, today=today, latest=today)
    if at is not None and at > now:
        fields.refuse("credited_at", str(_l("Giờ này chưa tới. Xin xem lại giờ và phút.")))
    reference = read_reference(fields)
    if amount is None or at is None or reference is None or fields.faults:
        return None
    return Transfer(amount, at, reference)


def read_memo(fields: Fields) -> str | None:
    """Return the text that came with a transfer; it may be empty."""
    return fields.read("memo", read_line, longest=200, required=False)


def read_reference(fields: Fields) -> str | None:
    """Return the bank's own code of a transfer: capitals, single spaces, as banks write it."""
    empty = _l(
        "Chưa ghi mã giao dịch. Ví dụ FT26326123456; không thấy mã thì ghi giờ và người chuyển, "
        "ví dụ 0815 NGUYEN THI HOA"
    )
    typed = fields.read("reference", read_line, longest=60, instead={"text_empty": empty})
    return typed.upper() if typed else None


def read_cash(fields: Fields) -> CashHandedOver | None:
    """Return what a carrier handed over; nothing typed as its fee is no fee."""
    amount = fields.read("amount", read_amount, minimum=0)
    fee = fields.read("fee", _read_fee)
    if amount is None or fee is None:
        return None
    return CashHandedOver(amount, fee)


def _read_fee(text: str) -> int:
    return read_amount(text, minimum=0) if text.strip() else 0


def read_level(text: str) -> tuple[int, int]:
    """Return place and batch pack of a choice like `3-17`.

    Raises `ValueRefused` `count_empty` for anything else: nothing was chosen.
    """
    place, _, batch_pack = text.partition("-")
    place_id, batch_pack_id = read_id(place), read_id(batch_pack)
    if place_id is None or batch_pack_id is None:
        raise ValueRefused("count_empty")
    return place_id, batch_pack_id
