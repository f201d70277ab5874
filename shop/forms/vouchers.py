"""Vouchers as the office types them, and codes as buyers do."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shop import formats
from shop.forms.base import Fields
from shop.forms.dates import read_date
from shop.forms.money import read_amount
from shop.forms.numbers import read_count
from shop.forms.text import read_name
from shop.forms.values import ValueRefused
from shop.models.vouchers import Voucher, VoucherKind
from shop.search.folding import to_ascii

SHORTEST_CODE, LONGEST_CODE = 4, 20
MOST_VND = 100_000_000
MOST_USES = 1_000_000

KINDS = {
    VoucherKind.PERCENT.value: (_l("Theo phần trăm"), _l("Ví dụ giảm 10 phần trăm tiền hàng")),
    VoucherKind.AMOUNT.value: (_l("Theo số tiền"), _l("Ví dụ giảm 20.000 ₫")),
}
"""Name and note of each kind."""

NAMES = {
    "name": _l("tên gọi"),
    "code": _l("mã"),
    "kind": _l("cách giảm"),
    "amount": _l("mức giảm"),
    "cap": _l("giảm nhiều nhất"),
    "minimum": _l("tiền hàng ít nhất"),
    "starts_on": _l("từ ngày"),
    "ends_on": _l("đến ngày"),
    "uses_most": _l("số lượt"),
    "uses_per_phone": _l("số lượt mỗi người"),
    "budget": _l("ngân sách"),
    "products": _l("món được giảm"),
}
"""What the summary of faults calls each field."""


@dataclass(frozen=True, slots=True)
class VoucherDraft:
    """A voucher as it was typed and read; what is missing has no limit."""

    name: str
    code: str | None
    kind: VoucherKind
    amount: int
    cap_vnd: int | None
    minimum_vnd: int
    starts_on: date
    ends_on: date | None
    uses_most: int | None
    uses_per_phone: int | None
    budget_vnd: int | None
    product_ids: list[int] | None


def read_code(text: str) -> str:
    """Return a voucher's code as it is stored, however it was typed.

    >>> read_code(" tết-2027 ")
    'TET2027'
    """
    folded = to_ascii(text[:200]).upper()
    return "".join(character for character in folded if character.isalnum())[:LONGEST_CODE]


def read_new_code(text: str) -> str:
    """Return the code that the office chose; raise `ValueRefused` `voucher_code_short`."""
    code = read_code(text)
    if len(code) < SHORTEST_CODE:
        raise ValueRefused("voucher_code_short", least=SHORTEST_CODE)
    return code


def read_voucher(
    fields: Fields, chosen: Sequence[str], *, products: Collection[int], today: date
) -> VoucherDraft | None:
    """Return the voucher in `fields`, or `None` with the faults noted.

    `chosen` are the ids of the products it is for: none of them means all.
    """
    name = fields.read("name", read_name, longest=60)
    code = None if fields.typed("is_automatic") else fields.read("code", read_new_code)
    kind = fields.typed("kind")
    if kind not in KINDS:
        fields.refuse("kind", _("Chọn một cách giảm."))
    if kind == VoucherKind.PERCENT.value:
        amount = fields.read("amount", _read_percent)
    else:
        amount = fields.read("amount", read_amount, minimum=1_000, maximum=MOST_VND)
    cap = _optional_money(fields, "cap")
    minimum = _optional_money(fields, "minimum")
    starts_on = fields.read("starts_on", read_date, today=today)
    ends_on = (
        fields.read("ends_on", read_date, today=today) if fields.typed("ends_on").strip() else None
    )
    if starts_on and ends_on and ends_on < starts_on:
        fields.refuse("ends_on", _("Ngày cuối phải từ ngày đầu trở đi."))
    uses_most = _optional_count(fields, "uses_most")
    uses_per_phone = _optional_count(fields, "uses_per_phone")
    budget = _optional_money(fields, "budget")
    if fields.faults or name is None or amount is None or starts_on is None:
        return None
    ids = sorted(known for known in products if str(known) in chosen)
    return VoucherDraft(
        name=name,
        code=code,
        kind=VoucherKind(kind),
        amount=amount,
        cap_vnd=cap if kind == VoucherKind.PERCENT.value else None,
        minimum_vnd=minimum or 0,
        starts_on=starts_on,
        ends_on=ends_on,
        uses_most=uses_most,
        uses_per_phone=uses_per_phone,
        budget_vnd=budget,
        product_ids=ids or None,
    )


def _read_percent(text: str) -> int:
    return read_count(text.replace("%", " ").strip(), minimum=1, maximum=90)


def _optional_money(fields: Fields, name: str) -> int | None:
    if not fields.typed(name).strip():
        return None
    return fields.read(name, read_amount, minimum=1_000, maximum=10 * MOST_VND)


def _optional_count(fields: Fields, name: str) -> int | None:
    if not fields.typed(name).strip():
        return None
    return fields.read(name, read_count, minimum=1, maximum=MOST_USES)


def as_typed(voucher: Voucher | None, *, today: date) -> dict[str, str]:
    """Return the fields of the form as somebody would have typed this voucher."""
    if voucher is None:
        return {"starts_on": formats.day(today), "uses_per_phone": "1"}

    def number(value: int | None) -> str:
        return "" if value is None else formats.number(value)

    return {
        "name": voucher.name,
        "code": voucher.code or "",
        "is_automatic": "" if voucher.code else "1",
        "kind": voucher.kind.value,
        "amount": number(voucher.amount),
        "cap": number(voucher.cap_vnd),
        "minimum": number(voucher.minimum_vnd or None),
        "starts_on": formats.day(voucher.starts_on),
        "ends_on": formats.day(voucher.ends_on) if voucher.ends_on else "",
        "uses_most": number(voucher.uses_most),
        "uses_per_phone": number(voucher.uses_per_phone),
        "budget": number(voucher.budget_vnd),
    }
