"""A problem with a pack as somebody reports it."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from shop.forms.base import Fields
from shop.forms.phones import read_phone
from shop.forms.text import read_line, read_text
from shop.forms.values import ValueRefused
from shop.models.batches import ProblemReason

LONGEST_CODE = 300
LONGEST_TEXT = 2000

NAMES = {
    "code": _l("mã trên gói"),
    "text": _l("chuyện gì xảy ra"),
    "phone": _l("số điện thoại"),
    "seller": _l("nơi bán"),
    "reason": _l("lý do"),
    "photo": _l("ảnh"),
}
"""What the summary of faults calls each field."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What somebody saw; `phone` only if they want to be called."""

    code: str
    text: str
    phone: str | None


def read_problem(fields: Fields) -> Problem | None:
    """Return the problem in `fields`, or `None` with the faults beside their fields."""
    code = fields.read("code", read_line, longest=LONGEST_CODE, required=False)
    text = fields.read(
        "text",
        read_text,
        longest=LONGEST_TEXT,
        required=True,
        instead={"text_empty": _l("Chưa ghi chuyện gì xảy ra. Ví dụ: gói bị phồng, có mùi lạ")},
    )
    phone = fields.read("phone", read_phone) if fields.typed("phone").strip() else None
    if fields.faults or text is None:
        return None
    return Problem(code or "", text, phone)


@dataclass(frozen=True, slots=True)
class OrderProblem:
    """What the buyer of an order says is wrong with it."""

    reason: ProblemReason
    text: str


def read_reason(text: str) -> ProblemReason:
    """Return the reason chosen; raise `ValueRefused` `problem_reason_empty` for anything else."""
    known = {one.value for one in ProblemReason}
    if text.strip() not in known:
        raise ValueRefused("problem_reason_empty")
    return ProblemReason(text.strip())


def read_order_problem(fields: Fields) -> OrderProblem | None:
    """Return the problem in `fields`, or `None` with the faults beside their fields."""
    reason = fields.read("reason", read_reason)
    text = fields.read(
        "text",
        read_text,
        longest=LONGEST_TEXT,
        required=True,
        instead={"text_empty": _l("Chưa ghi chuyện gì xảy ra. Ví dụ: gói bị phồng, có mùi lạ")},
    )
    if fields.faults or reason is None or text is None:
        return None
    return OrderProblem(reason, text)
