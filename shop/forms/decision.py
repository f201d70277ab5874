"""What the office says to a member's entry: why it goes back, or what the scales show."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from shop.forms.base import Fields
from shop.forms.text import read_line

REASONS: Mapping[str, Mapping[str, object]] = {
    "product": {
        "photo": _l("Ảnh chưa rõ, chụp lại giúp"),
        "price": _l("Giá chưa hợp, xem lại giúp"),
        "pack": _l("Ghi rõ đựng bằng gì, bao nhiêu"),
        "name": _l("Ghi tên hàng rõ hơn"),
        "papers": _l("Hàng này còn thiếu giấy tờ"),
    },
    "batch": {
        "quantity": _l("Số cân chưa đúng, xem lại giúp"),
        "day": _l("Ngày chưa đúng, xem lại giúp"),
        "too_early": _l("Hái trong thời gian cách ly thuốc, HTX chưa nhận được"),
        "goods": _l("Ghi rõ là hàng gì"),
    },
}
"""By kind of entry: what is chosen, and the words the member reads."""

NAMES = {"why": _l("lý do"), "words": _l("lý do bằng lời"), "weighed": _l("số cân")}

_NONE = _l("Chọn một lý do, hoặc ghi lý do bằng lời")


def choices_of(kind: str) -> list[dict[str, object]]:
    """Return the reasons of one kind of entry as the rows of a choice."""
    return [{"value": name, "title": words} for name, words in REASONS[kind].items()]


def read_reason(fields: Fields, kind: str) -> str | None:
    """Return the reason in the words the member reads, or `None` with the fault noted."""
    chosen = REASONS[kind].get(fields.typed("why"))
    words = fields.read("words", read_line, required=False, longest=300)
    said = ". ".join(filter(None, [str(chosen) if chosen else "", words]))
    if not said and not fields.faults:
        fields.refuse("why", str(_NONE))
    return said if said and not fields.faults else None
